// The command palette: every action with its key, and the conversations of the list by name. Typing narrows, arrows
// choose, Enter does.

import { useState } from 'preact/hooks';
import type { AgentView } from '../client/agent.ts';
import { Icon } from '../parts/icons.tsx';
import { words } from '../words/index.ts';
import { ACTIONS, keyNames, overlay, perform } from './actions.ts';
import { openConversation } from './agent-state.ts';
import { Dialog } from './dialog.tsx';

const MAX_CONVERSATIONS = 6;

interface Command {
  id: string;
  title: string;
  keys: string[];
  /** The title is somebody's name. */
  name: boolean;
  run(): void;
}

export function Palette({ view }: { view: AgentView }) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = commands(view, query);
  const at = Math.min(chosen, found.length - 1);

  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    overlay.value = null;
    // After the dialog has given the focus back, so that the command may take it.
    requestAnimationFrame(() => command.run());
  };

  const keyDown = (event: KeyboardEvent) => {
    if (event.isComposing || found.length === 0) return;
    if (event.key === 'ArrowDown') setChosen((at + 1) % found.length);
    else if (event.key === 'ArrowUp') setChosen((at + found.length - 1) % found.length);
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog class="palette" label={words.value.commands} onClose={close}>
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          dir={query === '' ? undefined : 'auto'}
          autocomplete="off"
          spellcheck={false}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[at] && `command-${found[at].id}`}
          aria-label={words.value.findCommand}
          placeholder={words.value.findCommand}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={keyDown}
        />
      </div>
      {found.length === 0 && (
        <p class="palette-none" role="status">
          {words.value.noCommand}
        </p>
      )}
      <div id="palette-list" role="listbox" aria-label={words.value.commands}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={command.id}
            id={`command-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            class="command"
            ref={index === at ? reveal : undefined}
            onPointerMove={() => setChosen(index)}
            onClick={() => run(command)}
          >
            <span class="command-title" dir={command.name ? 'auto' : undefined}>
              {command.title}
            </span>
            <Keys names={command.keys} />
          </div>
        ))}
      </div>
    </Dialog>
  );
}

export function Keys({ names }: { names: string[] }) {
  return (
    <span class="keys">
      {names.map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}

/** A dialog says that it has closed only when another may be open already. */
function close(): void {
  if (overlay.value === 'palette') overlay.value = null;
}

function reveal(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function commands(view: AgentView, query: string): Command[] {
  const wanted = plain(query).split(/\s+/);
  const matches = (title: string) => wanted.every((word) => plain(title).includes(word));
  const actions: Command[] = ACTIONS.filter(
    (action) => action.id !== 'palette' && action.absent?.() !== true && action.idle?.(view) !== true,
  )
    .map((action) => ({
      id: action.id,
      title: action.title(),
      keys: keyNames(action.key),
      name: false,
      run: () => perform(action),
    }))
    .filter(({ title }) => matches(title));
  if (query.trim() === '') return actions;
  const conversations: Command[] = view.inbox.rows
    .filter(({ email }) => matches(email))
    .slice(0, MAX_CONVERSATIONS)
    .map(({ email, conversation }) => ({
      id: conversation,
      title: email,
      keys: [],
      name: true,
      run: () => openConversation(email),
    }));
  return [...actions, ...conversations];
}

/** Without case and accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
