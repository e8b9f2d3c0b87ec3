// Puts the panel away, where it is a panel.

import { Icon } from '../parts/icons.tsx';
import { shared as words } from '../words/index.ts';
import { askToClose } from './embedded.ts';

export function CloseButton() {
  return (
    <button type="button" class="icon-button panel-close" aria-label={words.value.closeChat} onClick={askToClose}>
      <Icon name="close" />
    </button>
  );
}
