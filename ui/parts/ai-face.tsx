// The face of what is nobody.

import { AiIcon } from './ai-icons.tsx';

export function AiFace() {
  return (
    <span class="face face-small face-ai" aria-hidden="true">
      <AiIcon name="sparkle" />
    </span>
  );
}
