// The way to the AI's settings, beside the other buttons of the inbox.

import { AiIcon } from '../parts/ai-icons.tsx';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { supervises } from './own-login.ts';

export function AiSettingsButton() {
  const { aiSettings } = words.value;
  if (!supervises()) return null;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={aiSettings}
      title={aiSettings}
      onClick={() => {
        overlay.value = 'ai';
      }}
    >
      <AiIcon name="sparkle" />
    </button>
  );
}
