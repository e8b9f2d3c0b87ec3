// Who is at the desk by the server's own login: what he may do, the way out, and the way back in.

import { signal } from '@preact/signals';
import { browserStorage, forgetKeys } from '../client/environment.ts';
import { askLogin } from '../client/login.ts';
import { wayToLogin } from '../login/errand.ts';
import { session } from '../parts/session-state.ts';
import { agent, owner } from './agent-state.ts';
import { draftKey } from './drafts.ts';

/** The page of the login, beside this one. */
const LOGIN = 'login';

/** He is on his way out: what ends meanwhile is meant to. */
export const leaving = signal(false);

/** He could not be signed out. */
export const stillIn = signal(false);

const known = () => (session.value?.kind === 'known' ? session.value : null);

/** Signed in here, so that he can sign out here. */
export const hasOwnLogin = (): boolean => known()?.ownLogin === true;

/** May say who the agents are. */
export const ownsAgents = (): boolean => hasOwnLogin() && known()?.agentRole === 'owner';

/** May say when the AI answers, ban, and moderate. Who the server says nothing of may try. */
export const supervises = (): boolean => known()?.agentRole !== 'agent';

/** Leaves for the login, and comes back to where he is. */
export function goToLogin(): void {
  location.replace(new URL(wayToLogin(LOGIN, location.search, location.hash), document.baseURI));
}

/** Leaves for where he takes another password, and comes back to where he is. */
export function goToPassword(): void {
  location.assign(new URL(wayToLogin(LOGIN, location.search, location.hash, 'password'), document.baseURI));
}

/** Ends the session, and leaves nothing of his in the browser. */
export async function signOut(): Promise<void> {
  stillIn.value = false;
  leaving.value = true;
  const { refusal } = await askLogin(window.fetch.bind(window), document.baseURI, 'api/logout', {});
  if (refusal !== null) {
    leaving.value = false;
    stillIn.value = true;
    return;
  }
  forgetKeys(browserStorage(), draftKey(owner(), ''), null);
  await agent.value?.outbox.clear();
  agent.value?.stop();
  // Not with what he was looking at: the next one may be another.
  location.replace(new URL(LOGIN, document.baseURI));
}
