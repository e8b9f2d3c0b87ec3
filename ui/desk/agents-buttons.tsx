// The ways to the agents and out, beside the other buttons of the inbox.

import { Shape } from '../parts/icons.tsx';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { hasOwnLogin, ownsAgents, signOut } from './own-login.ts';

/** In Lucide's shapes (ISC licence). */
const USERS = [
  'M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2',
  'M13 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z',
  'M22 21v-2a4 4 0 0 0-3-3.87',
  'M16 3.13a4 4 0 0 1 0 7.75',
];
const LOG_OUT = ['m16 17 5-5-5-5', 'M21 12H9', 'M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4'];

export function AgentsButtons() {
  const { agents, signOut: signOutLabel } = words.value;
  return (
    <>
      {ownsAgents() && (
        <button
          type="button"
          class="icon-button"
          aria-label={agents}
          title={agents}
          onClick={() => {
            overlay.value = 'agents';
          }}
        >
          <Shape paths={USERS} />
        </button>
      )}
      {hasOwnLogin() && (
        <button
          type="button"
          class="icon-button"
          aria-label={signOutLabel}
          title={signOutLabel}
          onClick={() => void signOut()}
        >
          <Shape paths={LOG_OUT} directional />
        </button>
      )}
    </>
  );
}
