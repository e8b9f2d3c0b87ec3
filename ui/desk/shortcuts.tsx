// The sheet of keyboard shortcuts.

import { Icon } from '../parts/icons.tsx';
import { words } from '../words/index.ts';
import { ACTIONS, keyNames, overlay } from './actions.ts';
import { Dialog } from './dialog.tsx';
import { Keys } from './palette.tsx';

export function Shortcuts() {
  const here = ACTIONS.filter(({ absent }) => absent?.() !== true);
  const close = () => {
    if (overlay.value === 'shortcuts') overlay.value = null;
  };
  return (
    <Dialog class="shortcuts" label={words.value.shortcuts} onClose={close}>
      <header class="shortcuts-head">
        <h2>{words.value.shortcuts}</h2>
        <button type="button" class="icon-button" aria-label={words.value.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <dl tabIndex={0}>
        {here.map((action) => (
          <div key={action.id} class="shortcut">
            <dt>{action.title()}</dt>
            <dd>
              <Keys names={keyNames(action.key)} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
