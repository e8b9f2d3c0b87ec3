// What an agent can do about what was flagged, each with its key; a part of the one list.

import { words } from '../words/index.ts';
import { type Action, overlay } from './actions.ts';
import { agent, show } from './agent-state.ts';
import { supervises } from './own-login.ts';

export const MODERATION_ACTIONS: readonly Action[] = [
  {
    id: 'flagged',
    key: 'f',
    title: () => words.value.showFlagged,
    idle: ({ inbox }) => inbox.filter === 'flagged',
    run: () => show('flagged'),
  },
  {
    id: 'reviewed',
    key: 'y',
    title: () => words.value.markReviewed,
    absent: () => !supervises(),
    idle: ({ open }) => open?.flags.known == null,
    run: ({ open }) => {
      const last = open?.flags.known?.last;
      if (open && last !== undefined) agent.peek()?.flagged.ask({ type: 'review', email: open.email, up_to: last });
    },
  },
  {
    id: 'word-lists',
    key: 'l',
    title: () => words.value.wordLists,
    absent: () => !supervises(),
    run: () => {
      overlay.value = 'words';
    },
  },
];
