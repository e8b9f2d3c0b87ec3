// Who the visitor is and the client that talks for him, as signals. Components read these and call the functions here.

import { computed, effect, signal } from '@preact/signals';
import { browserEnvironment, browserStorage, readKey, writeKey } from '../client/environment.ts';
import { pathFor, type Session, socketUrl } from '../client/session.ts';
import { VisitorClient, type VisitorView } from '../client/visitor.ts';
import { session } from '../parts/session-state.ts';

const EMAIL_KEY = 'minicom.email';

interface Chat {
  email: string;
  client: VisitorClient;
}

const rememberedEmail = signal(readKey(browserStorage(), EMAIL_KEY));
export const chat = signal<Chat | null>(null);
export const view = signal<VisitorView | null>(null);
/** The socket has been open, so a break is a reconnect. */
export const connected = signal(false);

/** Null while nobody has said who he is. */
export const email = computed(() => emailOf(session.value, rememberedEmail.value));

function emailOf(current: Session | null, remembered: string | null): string | null {
  if (current?.kind === 'known') return current.role === 'user' ? current.email : null;
  return current?.kind === 'path' ? remembered : null;
}

export function draftKey(of: string): string {
  return `minicom.draft.user.${of}`;
}

export function introduce(as: string): void {
  writeKey(browserStorage(), EMAIL_KEY, as);
  rememberedEmail.value = as;
}

/** Leaves nothing of the former visitor in this browser. */
export function forgetVisitor(): void {
  clearTab();
  writeKey(browserStorage(), EMAIL_KEY, null);
  rememberedEmail.value = null;
}

/** The outbox and the draft are this tab's own. */
function clearTab(): void {
  const leaving = chat.peek();
  if (leaving === null) return;
  leaving.client.outbox.clear();
  writeKey(leaving.client.storage, draftKey(leaving.email), null);
}

/** The connection follows whoever is known to be here, also when another tab says who that is. */
export function followVisitor(): void {
  window.addEventListener('storage', (event) => {
    // A null key: the whole storage was cleared.
    if (event.key !== EMAIL_KEY && event.key !== null) return;
    if (event.newValue !== rememberedEmail.peek()) clearTab();
    rememberedEmail.value = event.newValue;
  });
  effect(() => {
    const who = email.value;
    if (who === null) disconnect();
    else if (chat.peek()?.email !== who) connect(who);
  });
}

function connect(as: string): void {
  disconnect();
  const path = session.peek()?.kind === 'known' ? 'ws' : pathFor('user', as);
  const client: VisitorClient = new VisitorClient({
    environment: browserEnvironment(),
    url: socketUrl(document.baseURI, path),
    email: as,
    changed: () => {
      const now = client.view();
      if (now.connection.kind === 'open') connected.value = true;
      view.value = now;
    },
  });
  chat.value = { email: as, client };
  view.value = client.view();
  client.start();
}

function disconnect(): void {
  chat.peek()?.client.stop();
  chat.value = null;
  view.value = null;
  connected.value = false;
}

export function wake(): void {
  chat.value?.client.wake();
}
