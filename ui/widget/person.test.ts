// The host's session changes below an open page: what becomes of the one who was here.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PLACE } from '../client/place.ts';
import { page, ScriptedSocket } from '../client/scripted.ts';
import { loadSession, session } from '../parts/session-state.ts';
import { chat, draftKey, drafts, email, followVisitor, forgetVisitor, view } from './visitor-state.ts';

const [ANN, BOB, NOBODY] = ['ann@example.com', 'bob@example.com', 'anon-1'];

const sockets: ScriptedSocket[] = [];
/** Whom the host's cookies name, or nobody. */
let cookies: string | null;
let reachable: boolean;

const known = (email: string) => Response.json({ mode: 'session', role: 'user', workspace: 'shop', email });

async function answer(_: URL, { headers, method }: RequestInit = {}): Promise<Response> {
  if (!reachable) throw new TypeError('nobody answers');
  if (method === 'POST') return Response.json({ token: 'nobodys' });
  if (cookies !== null) return known(cookies);
  const shown = new Headers(headers).get('authorization');
  return shown === 'Bearer nobodys' ? known(NOBODY) : Response.json({ mode: 'anonymous' });
}

vi.stubGlobal('fetch', vi.fn(answer));
vi.stubGlobal(
  'WebSocket',
  class extends ScriptedSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  },
);
// One tab.
vi.stubGlobal('navigator', { languages: ['en'] });
vi.spyOn(Math, 'random').mockReturnValue(0);
followVisitor();

beforeEach(() => {
  cookies = null;
  reachable = true;
  sockets.length = 0;
});

afterEach(() => forgetVisitor(false));

/** The next socket of whoever is here; one that was given up meanwhile is none. */
async function opened(): Promise<ScriptedSocket> {
  const next = () => sockets.find(({ closed }) => !closed);
  const socket = await vi.waitUntil(next, 5_000);
  sockets.length = 0;
  socket.open();
  return socket;
}

async function arrive(who: string): Promise<ScriptedSocket> {
  await loadSession();
  await vi.waitFor(() => expect(email.value).toBe(who));
  const socket = await opened();
  socket.says({ type: 'history', email: who, ...page([]) });
  socket.took();
  return socket;
}

const pending = () => view.value?.conversation.pending.map(({ text }) => text);
const kept = () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);

/** Somebody else's session is found when the socket comes back. */
async function becomes(who: string, former: ScriptedSocket): Promise<ScriptedSocket> {
  former.breaks();
  chat.value?.client.conversation.say('not sent yet');
  drafts.write(draftKey(chat.value?.owner ?? ''), 'half a thought');
  cookies = who;
  const socket = await opened();
  socket.says({ type: 'history', email: who, ...page([]) });
  expect(view.value).toBeNull();
  expect(socket.took().filter(({ type }) => type !== 'auth')).toEqual([]);
  await vi.waitFor(() => expect(email.value).toBe(who));
  return opened();
}

test('of one who becomes another nothing is sent, shown or kept, and other tabs are told', async () => {
  const told = vi.fn();
  const channel = new BroadcastChannel(`${PLACE}left`);
  channel.onmessage = ({ data }) => told(data);
  cookies = ANN;
  // He had been nobody, and the server has not heard of that yet.
  localStorage.setItem(`${PLACE}anonymous`, 'nobodys 1');
  const socket = await becomes(BOB, await arrive(ANN));
  expect(email.value).toBe(BOB);
  expect(socket.took()).toEqual([]);
  socket.says({ type: 'history', email: BOB, ...page([]) });
  expect(pending()).toEqual([]);
  expect(socket.took()).toEqual([]);
  for (const his of ['not sent yet', 'half a thought', ANN, 'nobodys']) {
    await vi.waitFor(() => expect(kept()).not.toContain(his));
  }
  await vi.waitFor(() => expect(told).toHaveBeenCalledExactlyOnceWith(ANN));
  channel.close();
});

test('an anonymous visitor whom the host knows by now goes on with what he has begun to say', async () => {
  const socket = await becomes(ANN, await arrive(NOBODY));
  expect(socket.took()).toEqual([{ type: 'auth', visitor: 'nobodys', client_id: expect.any(String) }]);
  socket.says({ type: 'history', email: ANN, ...page([]) });
  await vi.waitFor(() => expect(socket.took1('message').message).toBe('not sent yet'));
  expect(drafts.read(draftKey(`shop\n${ANN}`))).toBe('half a thought');
});

test('so he does when nobody could be asked meanwhile', async () => {
  (await arrive(NOBODY)).breaks();
  chat.value?.client.conversation.say('not sent yet');
  reachable = false;
  void loadSession();
  await vi.waitFor(() => expect(session.value?.kind).toBe('unreachable'));
  expect(view.value).toBeNull();
  [cookies, reachable] = [ANN, true];
  const socket = await opened();
  socket.says({ type: 'history', email: ANN, ...page([]) });
  expect(socket.took1('message').message).toBe('not sent yet');
});

test('who is himself again has lost nothing', async () => {
  cookies = ANN;
  const socket = await arrive(ANN);
  socket.breaks();
  chat.value?.client.conversation.say('not sent yet');
  const his = await opened();
  his.says({ type: 'history', email: BOB, ...page([]) });
  expect(view.value).toBeNull();
  const again = await opened();
  again.says({ type: 'history', email: ANN, ...page([]) });
  expect(again.took1('message').message).toBe('not sent yet');
  expect(pending()).toEqual(['not sent yet']);
});

test('who is nobody in particular after he was somebody keeps his name', async () => {
  cookies = ANN;
  await arrive(ANN);
  cookies = null;
  await arrive(NOBODY);
  expect(kept()).toContain('nobodys');
});
