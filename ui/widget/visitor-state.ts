// Who the visitor is and the client that talks for him, as signals. Components read these and call the functions here.

import { computed, effect, signal } from '@preact/signals';
import { Drafts } from '../client/drafts.ts';
import {
  browserEnvironment,
  browserStorage,
  forgetKeys,
  readKey,
  tabStorage,
  writeKey,
} from '../client/environment.ts';
import { forgetDatabase, forgetOthers } from '../client/outbox-store.ts';
import { pathFor, type Session, socketUrl } from '../client/session.ts';
import { OUTBOXES, VisitorClient, type VisitorView } from '../client/visitor.ts';
import type { Visitor } from '../loader/messages.ts';
import { loadSession, session } from '../parts/session-state.ts';

const EMAIL_KEY = 'minicom.email';
const DRAFTS = 'minicom.draft.user.';

interface Chat {
  email: string;
  token: string | undefined;
  client: VisitorClient;
}

const rememberedEmail = signal(readKey(browserStorage(), EMAIL_KEY));
/** Who the page around ours says he is. */
export const vouchedFor = signal<Visitor>({});
export const chat = signal<Chat | null>(null);
export const view = signal<VisitorView | null>(null);
/** The socket has been open, so a break is a reconnect. */
export const connected = signal(false);
/** Counts how often a socket has said that the identity has ended. */
export const expired = signal(0);

/** Null while nobody has said who he is. */
export const email = computed(() => emailOf(session.value, vouchedFor.value.email ?? rememberedEmail.value));

/** The visitor said himself who he is, and may say otherwise. */
export const changeable = computed(() => session.value?.kind === 'path' && vouchedFor.value.email === undefined);

function emailOf(current: Session | null, said: string | null): string | null {
  if (current?.kind === 'known') return current.role === 'user' ? current.email : null;
  return current?.kind === 'path' ? said : null;
}

export const drafts = new Drafts(tabStorage(), browserStorage());

export function draftKey(of: string): string {
  return DRAFTS + of;
}

export function introduce(as: string): void {
  writeKey(browserStorage(), EMAIL_KEY, as);
  rememberedEmail.value = as;
}

/** Tells the other tabs who has left. What it says is who, so that one that wakes late forgets nobody else. */
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('minicom.left') : null;

/** Leaves nothing of the former visitor in this browser. `staying`: this page goes on to be used. */
export async function forgetVisitor(staying = true): Promise<void> {
  const leaving = email.peek() ?? rememberedEmail.peek();
  writeKey(browserStorage(), EMAIL_KEY, null);
  if (leaving !== null) tabs?.postMessage(leaving);
  await leaveTab(staying);
  // Also what closed tabs, and a visitor whom this page had not yet asked about, have left.
  await forgetOthers('', OUTBOXES, browserStorage());
  await forgetDatabase();
}

/** Leaves nothing of him in this tab; whoever comes next is asked for anew, unless the page goes too. */
export async function leaveTab(staying = true): Promise<void> {
  const cleared = clearTab();
  vouchedFor.value = {};
  rememberedEmail.value = null;
  if (session.peek()?.kind === 'known') {
    session.value = null;
    if (staying) void loadSession();
  }
  await cleared;
}

function forgetDrafts(except: string | null): void {
  for (const storage of [tabStorage(), browserStorage()]) forgetKeys(storage, DRAFTS, except);
}

async function clearTab(): Promise<void> {
  forgetDrafts(null);
  await chat.peek()?.client.outbox.clear();
}

/** The connection follows whoever is known to be here, also when another tab says who that is. */
export function followVisitor(): void {
  window.addEventListener('storage', (event) => {
    // A null key: the whole storage was cleared.
    if (event.key !== EMAIL_KEY && event.key !== null) return;
    if (event.newValue !== rememberedEmail.peek() && changeable.peek()) void clearTab();
    rememberedEmail.value = event.newValue;
  });
  tabs?.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.data === email.peek()) void leaveTab();
  });
  effect(() => {
    const who = email.value;
    const token = session.value?.kind === 'known' ? session.value.token : undefined;
    const now = chat.peek();
    if (who === null) disconnect();
    else if (now?.email !== who || (now.token === undefined) !== (token === undefined)) connect(who, token);
    else if (token !== undefined && now.token !== token) renew(now, token);
  });
}

function connect(as: string, token: string | undefined): void {
  disconnect();
  // A browser used before him: what somebody else has left is neither sent nor shown, and does not stay.
  forgetDrafts(draftKey(as));
  void forgetOthers(OUTBOXES + as, OUTBOXES, browserStorage());
  const path = session.peek()?.kind === 'known' ? 'ws' : pathFor('user', as);
  const client: VisitorClient = new VisitorClient({
    environment: browserEnvironment(),
    url: socketUrl(document.baseURI, path),
    email: as,
    token,
    makeAi: async (context) => (await import('./ai-chunk.ts')).makeAi(context),
    expired: () => {
      expired.value += 1;
    },
    changed: () => {
      const now = client.view();
      if (now.connection.kind === 'open') connected.value = true;
      view.value = now;
    },
  });
  chat.value = { email: as, token, client };
  view.value = client.view();
  client.start();
}

/** The same visitor with a fresh token: what is open stays open. */
function renew(now: Chat, token: string): void {
  chat.value = { ...now, token };
  now.client.renew(token);
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
