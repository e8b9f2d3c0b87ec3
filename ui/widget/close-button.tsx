// Puts the panel away, where it is a panel.

import { words } from '../loader/words.ts';
import { Icon } from '../parts/icons.tsx';
import { askToClose } from './embedded.ts';

export function CloseButton() {
  return (
    <button type="button" class="icon-button panel-close" aria-label={words.close} onClick={askToClose}>
      <Icon name="close" />
    </button>
  );
}
