// Everything one can do at the desk, each with its key. The keyboard, the palette and the sheet of shortcuts read the
// same list.

import { signal } from '@preact/signals';
import type { AgentView } from '../client/agent.ts';
import { words } from '../words/index.ts';
import { closeConversation, openConversation, show, view } from './agent-state.ts';
import { AGENTS_ACTIONS } from './agents-actions.ts';
import { AI_ACTIONS } from './ai-actions.ts';
import { alerts, toggleAlerts } from './alerts.ts';
import { MODERATION_ACTIONS } from './moderation-actions.ts';

/** What lies over the desk. */
export const overlay = signal<'palette' | 'shortcuts' | 'ai' | 'words' | 'agents' | null>(null);

export interface Action {
  id: string;
  title(): string;
  /** As `KeyboardEvent.key` says it; `Mod+` is Control, or Command on a Mac. */
  key: string;
  /** Makes no sense now, and is not offered. */
  idle?(now: AgentView): boolean;
  /** Is not there at all, for whoever is at the desk. */
  absent?(): boolean;
  run(now: AgentView): void;
}

export const ACTIONS: readonly Action[] = [
  {
    id: 'next',
    key: 'j',
    title: () => words.value.nextConversation,
    idle: ({ inbox }) => inbox.rows.length === 0,
    run: (now) => step(now, 1),
  },
  {
    id: 'previous',
    key: 'k',
    title: () => words.value.previousConversation,
    idle: ({ inbox }) => inbox.rows.length === 0,
    run: (now) => step(now, -1),
  },
  {
    id: 'reply',
    key: 'r',
    title: () => words.value.reply,
    idle: ({ open }) => open === null,
    run: () => document.querySelector<HTMLElement>('.composer-field')?.focus(),
  },
  {
    id: 'search',
    key: '/',
    title: () => words.value.search,
    run: () => document.getElementById('search')?.focus(),
  },
  {
    id: 'all',
    key: 'a',
    title: () => words.value.showAll,
    idle: ({ inbox }) => inbox.filter === 'all',
    run: () => show('all'),
  },
  {
    id: 'unread',
    key: 'u',
    title: () => words.value.showUnread,
    idle: ({ inbox }) => inbox.filter === 'unread',
    run: () => show('unread'),
  },
  ...AI_ACTIONS,
  ...MODERATION_ACTIONS,
  ...AGENTS_ACTIONS,
  {
    id: 'alerts',
    key: 's',
    title: () => (alerts.value ? words.value.alertsOff : words.value.alertsOn),
    run: toggleAlerts,
  },
  {
    id: 'shortcuts',
    key: '?',
    title: () => words.value.showShortcuts,
    run: () => {
      overlay.value = 'shortcuts';
    },
  },
  {
    id: 'palette',
    key: 'Mod+k',
    title: () => words.value.openCommands,
    run: () => {
      overlay.value = 'palette';
    },
  },
  {
    id: 'leave',
    key: 'Escape',
    title: () => words.value.leave,
    idle: ({ open }) => open === null,
    run: closeConversation,
  },
];

export const MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform);

/** A key as one reads it on the keyboard. */
export function keyNames(key: string): string[] {
  return key.split('+').map((part) => {
    if (part === 'Mod') return MAC ? '⌘' : words.value.keyControl;
    if (part === 'Escape') return words.value.keyEscape;
    return part.length === 1 && key.includes('+') ? part.toUpperCase() : part;
  });
}

/** Does it, if it makes sense now. */
export function perform(action: Action): void {
  if (view.value !== null && action.absent?.() !== true && action.idle?.(view.value) !== true) action.run(view.value);
}

function step(now: AgentView, by: 1 | -1): void {
  const { rows } = now.inbox;
  const at = rows.findIndex((row) => row.email === now.open?.email);
  const next = rows[at < 0 ? 0 : at + by];
  if (next) openConversation(next.email);
}
