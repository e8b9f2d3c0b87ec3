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
import { PLACE } from '../client/place.ts';
import { pathFor, type Session, socketUrl } from '../client/session.ts';
import { OUTBOXES, VisitorClient, type VisitorView } from '../client/visitor.ts';
import type { Visitor } from '../loader/messages.ts';
import { loadSession, session } from '../parts/session-state.ts';

const EMAIL_KEY = 'email';
const ANONYMOUS_KEY = 'anonymous';
const DRAFTS = 'draft user ';

export interface Chat {
  email: string;
  /** Names what is kept for him. */
  owner: string;
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

/** Here where the browser keeps nothing. */
let anonymous: string | undefined;

/** The token of the anonymous visitor that somebody here is, or was until he was identified; beside it, when to renew it. */
const kept = (part = 0) => (readKey(browserStorage(), ANONYMOUS_KEY) ?? anonymous)?.split(' ')[part];

function keep(tokenAndTime?: string): void {
  anonymous = tokenAndTime;
  writeKey(browserStorage(), ANONYMOUS_KEY, tokenAndTime ?? null);
}

/** The visitor has opened the chat. Alone, he has by coming to its page. */
export const opened = signal(window.parent === window);
/** What is handed to who knows of anonymous visitors, so that its chunk needs nothing of ours. */
const anonymity = {
  PLACE,
  effect,
  session,
  loadSession,
  opened,
  expired,
  vouchedFor,
  kept,
  keep,
  moveDraft,
};
export type Anonymity = typeof anonymity;
/** Takes along what the one before had begun to say. */
let takeAlong: ((was: Chat, is: Chat) => void) | undefined;

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

/** What somebody has begun to say is his, whoever he is. */
function moveDraft(from: string, to: string): void {
  const draft = drafts.read(draftKey(from));
  if (draft) drafts.write(draftKey(to), draft);
}

export function introduce(as: string): void {
  writeKey(browserStorage(), EMAIL_KEY, as);
  rememberedEmail.value = as;
}

/** Tells the other tabs who has left. What it says is who, so that one that wakes late forgets nobody else. */
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel(`${PLACE}left`) : null;

/** Leaves nothing of the former visitor in this browser. `staying`: this page goes on to be used. */
export async function forgetVisitor(staying = true): Promise<void> {
  const leaving = email.peek() ?? rememberedEmail.peek();
  writeKey(browserStorage(), EMAIL_KEY, null);
  keep();
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
    if (event.key !== PLACE + EMAIL_KEY && event.key !== null) return;
    if (event.newValue !== rememberedEmail.peek() && changeable.peek()) void clearTab();
    rememberedEmail.value = event.newValue;
  });
  tabs?.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.data === email.peek()) void leaveTab();
  });
  effect(() => {
    const who = email.value;
    const { value } = session;
    const token = value?.kind === 'known' ? value.token : undefined;
    if (value?.kind === 'anonymous' && !takeAlong) void besides();
    const now = chat.peek();
    // Who says himself who he is, is so here alone.
    const owner = value?.kind === 'known' ? value.owner : `${who}`;
    if (who === null) disconnect();
    else if (now?.owner !== owner || (now.token === undefined) !== (token === undefined)) connect(who, owner, token);
    else if (token !== undefined && now.token !== token) renew(now, token);
  });
}

async function besides(): Promise<void> {
  takeAlong = (await import('./anonymous.ts')).beAnonymous(anonymity);
}

function connect(as: string, owner: string, token: string | undefined): void {
  const before = chat.peek();
  const known = session.peek()?.kind === 'known';
  const visitor = () => (known && kept() !== token ? kept() : undefined);
  disconnect();
  const path = known ? 'ws' : pathFor('user', as);
  const client: VisitorClient = new VisitorClient({
    environment: browserEnvironment(),
    url: socketUrl(document.baseURI, path),
    owner,
    token,
    visitor,
    taken: () => keep(),
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
  const now = { email: as, owner, token, client };
  if (before && visitor()) takeAlong?.(before, now);
  // A browser used before him: what somebody else has left is neither sent nor shown, and does not stay.
  forgetDrafts(draftKey(owner));
  void forgetOthers(OUTBOXES + owner, OUTBOXES, browserStorage());
  chat.value = now;
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
