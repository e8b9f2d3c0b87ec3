// Who the visitor is and the client that talks for him, as signals. Components read these and call the functions here.

import { computed, effect, signal } from '@preact/signals';
import { Drafts } from '../client/drafts.ts';
import {
  browserEnvironment,
  browserStorage,
  forgetKeys,
  keysOf,
  readKey,
  tabStorage,
  writeKey,
} from '../client/environment.ts';
import { forgetDatabase, forgetOthers, type Pending } from '../client/outbox-store.ts';
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
};
export type Anonymity = typeof anonymity;
/** The one who was here last, until somebody is again. */
let former: Chat | null = null;
/** What knows of anonymous visitors is here. */
let besides = false;

/** The visitor said himself who he is, and may say otherwise. */
export const changeable = computed(() => session.value?.kind === 'path' && vouchedFor.value.email === undefined);

/** Of an owner, or of what is kept under his name. */
function isAnonymous(of: string | undefined): boolean {
  return !!of?.includes('\nanon-');
}

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
  former = null;
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
    if (value?.kind === 'anonymous' && !besides) void loadAnonymous();
    const now = chat.peek();
    // Who says himself who he is, is so here alone.
    const owner = value?.kind === 'known' ? value.owner : `${who}`;
    if (who === null) disconnect();
    else if (now?.owner !== owner || (now.token === undefined) !== (token === undefined)) connect(who, owner, token);
    else if (token !== undefined && now.token !== token) renew(now, token);
  });
}

async function loadAnonymous(): Promise<void> {
  (await import('./anonymous.ts')).beAnonymous(anonymity);
  besides = true;
}

function connect(as: string, owner: string, token: string | undefined): void {
  const known = session.peek()?.kind === 'known';
  const visitor = () => (known && kept() !== token ? kept() : undefined);
  disconnect();
  const path = known ? 'ws' : pathFor('user', as);
  const client: VisitorClient = new VisitorClient({
    environment: browserEnvironment(),
    url: socketUrl(document.baseURI, path),
    owner,
    email: known ? as : undefined,
    token,
    visitor,
    taken: () => keep(),
    makeAi: async (context) => (await import('./ai-chunk.ts')).makeAi(context),
    expired: () => {
      if (token === undefined) askAgain();
      else expired.value += 1;
    },
    other: askAgain,
    changed: () => {
      const now = client.view();
      if (now.connection.kind === 'open') connected.value = true;
      view.value = now.stranger ? null : now;
    },
  });
  const now = { email: as, owner, token, client };
  if (known) succeed(now);
  clearUp(now, known && (isAnonymous(former?.owner) || !!visitor()));
  former = null;
  chat.value = now;
  view.value = client.view();
  client.start();
}

/** A host's session became another's. */
function succeed({ owner, token }: Chat): void {
  if (former === null || former.owner === owner || isAnonymous(former.owner)) return;
  // The anonymous visitor that he may have been is not the one who comes.
  if (kept() !== token) keep();
  // Cookies are the same in all tabs, while each page vouches for itself.
  if ((token ?? former.token) === undefined) tabs?.postMessage(former.email);
}

/**
 * A browser used before him: what somebody else has left is neither sent nor shown, and does not stay. `was`: he was the
 * anonymous visitor, and goes on with what that one had begun to say.
 */
function clearUp({ owner, client }: Chat, was: boolean): void {
  const own = draftKey(owner);
  for (const key of keysOf(browserStorage(), DRAFTS)) if (was && isAnonymous(key)) drafts.write(own, drafts.read(key));
  forgetDrafts(own);
  const take = (entry: Pending) => was && client.outbox.take(entry);
  // What the browser does not keep is in the page.
  former?.client.outbox.pending('').forEach(take);
  void forgetOthers(OUTBOXES + owner, OUTBOXES, browserStorage()).then((left) =>
    left.filter(({ key }) => isAnonymous(key)).forEach(take),
  );
}

/** The same visitor with a fresh token: what is open stays open. */
function renew(now: Chat, token: string): void {
  chat.value = { ...now, token };
  now.client.renew(token);
}

/** The host's session may have changed under our page. */
function askAgain(): void {
  void loadSession(vouchedFor.peek().token);
}

function disconnect(): void {
  const now = chat.peek();
  now?.client.stop();
  former = now ?? former;
  chat.value = null;
  view.value = null;
  connected.value = false;
}

export function wake(): void {
  chat.value?.client.wake();
}
