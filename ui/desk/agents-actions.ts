// What can be done with the server's own login, each with its key; a part of the one list.

import { words } from '../words/index.ts';
import { type Action, overlay } from './actions.ts';
import { goToPassword, hasOwnLogin, ownsAgents, signOut } from './own-login.ts';

export const AGENTS_ACTIONS: readonly Action[] = [
  {
    id: 'agents',
    key: 'm',
    title: () => words.value.agents,
    absent: () => !ownsAgents(),
    run: () => {
      overlay.value = 'agents';
    },
  },
  {
    id: 'password',
    key: 'P',
    title: () => words.value.changePassword,
    absent: () => !hasOwnLogin(),
    run: goToPassword,
  },
  {
    id: 'sign-out',
    // With Shift, because nobody means it by a slip.
    key: 'Q',
    title: () => words.value.signOut,
    absent: () => !hasOwnLogin(),
    run: () => void signOut(),
  },
];
