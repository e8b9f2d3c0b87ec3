import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentClient } from './agent.ts';
import type { Row } from './frames.ts';
import { message, messages, page, type ScriptedSocket, World } from './scripted.ts';

const ANN = 'ann@example.com';
const BEN = 'ben@example.com';

let world: World;
let client: AgentClient;
let arrived: Row[];

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  arrived = [];
  client = new AgentClient({
    environment: world.environment,
    url: 'ws://host/ws',
    owner: 'x',
    changed: () => {},
    arrived: (row) => arrived.push(row),
  });
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

const row = (email: string, active_at: string, more = {}) => ({
  email,
  conversation: `c-${email}`,
  active_at,
  ...more,
});
const emails = () => client.view().inbox.rows.map(({ email }) => email);

function begin(): ScriptedSocket {
  client.start();
  world.socket.open();
  return world.socket;
}

function list(socket: ScriptedSocket, rows: object[], cursor: string | null = null): Record<string, unknown> {
  const asked = socket.took1('list');
  socket.says({ type: 'list', client_id: asked.client_id, rows, cursor });
  return asked;
}

function watch(socket: ScriptedSocket, email: string, of: object): void {
  client.watch(email);
  const asked = socket.took1('get_conversation');
  socket.says({ type: 'conversation', email, client_id: asked.client_id, ...of });
}

test('live rows take their places among thousands', () => {
  const socket = begin();
  const many = Array.from({ length: 500 }, (_, n) => row(`v${n}@x`, `2026-01-01T${String(999 - n).padStart(6, '0')}`));
  list(socket, many);
  socket.says({ type: 'row', row: row('v300@x', '2026-01-02') });
  socket.says({ type: 'row', row: row('v10@x', '2026-01-01T000500.5') });
  socket.says({ type: 'row', row: { ...row('v20@x', '2026-01-09'), gone: true } });
  const shown = client.view().inbox.rows;
  expect(shown).toHaveLength(499);
  expect(shown[0]?.email).toBe('v300@x');
  expect(emails().indexOf('v10@x')).toBe(emails().indexOf('v499@x') - 1);
  expect([...shown].sort((a, b) => (a.active_at < b.active_at ? 1 : -1))).toEqual(shown);
});

test('a filter asks anew, and what no longer matches goes', () => {
  const socket = begin();
  expect(list(socket, [row(ANN, '2'), row(BEN, '1')])).not.toHaveProperty('filter');
  client.inbox.show('unread');
  expect(client.view().inbox).toMatchObject({ state: 'loading', rows: [] });
  expect(list(socket, [row(ANN, '2', { unread: 1 })])).toMatchObject({ filter: { unread: true } });
  socket.says({ type: 'row', row: row(ANN, '2', { gone: true }) });
  expect(client.view().inbox).toMatchObject({ state: 'ready', rows: [] });
});

test('after a break as many come back as were there, and none flickers meanwhile', () => {
  const socket = begin();
  const rows = Array.from({ length: 300 }, (_, n) => row(`v${String(n).padStart(3, '0')}@x`, `${5_000 - n}`));
  list(socket, rows.slice(0, 50), 'a');
  client.inbox.more();
  list(socket, rows.slice(50, 250), 'b');
  expect(emails()).toHaveLength(250);
  const again = world.reconnect();
  list(again, rows.slice(0, 200), 'c');
  expect(emails()).toHaveLength(250);
  again.says({ type: 'row', row: row('v003@x', '6000') });
  expect(list(again, rows.slice(200), null)).toMatchObject({ cursor: 'c' });
  expect(emails()).toHaveLength(300);
  expect(emails()[0]).toBe('v003@x');
});

test('only a conversation that begins is announced', () => {
  const socket = begin();
  list(socket, [row(ANN, '1')]);
  const first = (seq: number, sender_type = 'user') => ({ seq, sender_type, content: 'hi', timestamp: '' });
  socket.says({ type: 'row', row: row('new@x', '2', { unread: 2, last_seq: 2, last_message: first(2) }) });
  socket.says({ type: 'row', row: row('new@x', '3', { unread: 3, last_seq: 3, last_message: first(3) }) });
  socket.says({ type: 'row', row: row(ANN, '4', { unread: 1, last_seq: 9, last_message: first(9) }) });
  socket.says({ type: 'row', row: row('old@x', '5', { unread: 1, last_seq: 9, last_message: first(9) }) });
  socket.says({ type: 'row', row: row('ours@x', '6', { last_seq: 1, last_message: first(1, 'admin') }) });
  expect(arrived.map(({ email }) => email)).toEqual(['new@x']);
});

test('a search shows what it found, page by page, and forgets the query before', () => {
  const socket = begin();
  socket.took();
  client.search.find(' inv ');
  const old = socket.took1('search');
  expect(old).toMatchObject({ query: 'inv' });
  client.search.find('invoice');
  const asked = socket.took1('search');
  socket.says({ type: 'search', client_id: old.client_id, hits: [message(1)], cursor: null });
  expect(client.view().search).toMatchObject({ state: 'searching', hits: [] });
  const hit = {
    ...message(4),
    highlights: [
      [0, 4],
      ['x', 1],
    ],
  };
  socket.says({ type: 'search', client_id: asked.client_id, hits: [hit], cursor: 'next' });
  expect(client.view().search.hits[0]?.highlights).toEqual([[0, 4]]);
  client.search.more();
  client.search.more();
  const more = socket.took1('search');
  expect(more).toMatchObject({ query: 'invoice', cursor: 'next' });
  socket.says({ type: 'search', client_id: more.client_id, hits: [message(3)], cursor: null });
  expect(client.view().search.hits.map(({ seq }) => seq)).toEqual([4, 3]);
  client.search.find('');
  expect(client.view().search).toMatchObject({ state: 'idle', hits: [] });
});

test('a search that a break cut off is asked again', () => {
  const socket = begin();
  client.search.find('invoice');
  socket.took();
  expect(world.reconnect().took1('search')).toMatchObject({ query: 'invoice' });
});

test('goes back to an old message in large pages, and stops there', () => {
  const socket = begin();
  socket.took();
  watch(socket, ANN, page(messages(951, 1_000), { has_more: true }));
  client.current?.seek(700);
  for (const [from, to] of [
    [751, 950],
    [551, 750],
  ] as const) {
    expect(client.view().open?.conversation.seeking).toBe(true);
    const asked = socket.took1('get_conversation');
    expect(asked).toMatchObject({ before: to + 1, limit: 200 });
    const older = page(messages(from, to), { has_more: true });
    socket.says({ type: 'conversation', email: ANN, client_id: asked.client_id, ...older });
  }
  expect(client.view().open?.conversation.seeking).toBe(false);
  expect(client.view().open?.conversation.messages).toHaveLength(450);
  expect(socket.took()).toEqual([]);
});

test('a colleague who types is shown as such, until he stops or has sent', () => {
  const socket = begin();
  socket.took();
  watch(socket, ANN, page(messages(1, 2, 'user')));
  const typing = (on: boolean) =>
    socket.says({ type: 'typing', email: ANN, sender: { role: 'admin', name: 'Bo' }, typing: on });
  const colleague = () => client.view().open?.conversation.colleague;
  typing(true);
  expect(colleague()).toMatchObject({ name: 'Bo' });
  expect(client.view().open?.conversation.typing).toBeNull();
  vi.advanceTimersByTime(5_000);
  expect(colleague()).toBeNull();
  typing(true);
  socket.says({ type: 'message', message: message(3, 'admin', { sender: { name: 'Bo' } }) });
  expect(colleague()).toBeNull();
  expect(client.view().open?.conversation.otherReply).toEqual({ seq: 3, by: { name: 'Bo' } });
});

test('who else has it open is known while it is on the screen; closing it is told', () => {
  const socket = begin();
  list(socket, []);
  const viewers = (email: string, ...names: string[]) =>
    socket.says({ type: 'viewers', email, conversation: `c-${email}`, viewers: names.map((id) => ({ id, name: id })) });
  const names = () => client.view().open?.viewers.map(({ id }) => id);
  watch(socket, ANN, page([]));
  expect(names()).toEqual([]);
  viewers(ANN, 'bo', 'cy');
  expect(names()).toEqual(['bo', 'cy']);

  watch(socket, BEN, page([]));
  viewers(ANN, 'bo');
  expect(names()).toEqual([]);
  client.watch(null);
  expect(socket.took1('leave')).toBeTruthy();
  watch(socket, BEN, page([]));
  socket.says({ type: 'viewers', email: BEN, viewers: [{ id: 'bo' }, 7] });
  expect(names()).toEqual(['bo']);
  socket.breaks();
  expect(names()).toEqual([]);
});

test('our own reply is nobody else’s, whichever of ack and message comes first', () => {
  const socket = begin();
  socket.took();
  watch(socket, ANN, page(messages(1, 2, 'user')));
  for (const seq of [3, 4]) {
    client.current?.say(`answer ${seq}`);
    const { client_id } = socket.took1('message') as { client_id: string };
    const said = { type: 'message', message: message(seq, 'admin', { client_id, sender: {} }) };
    const ack = { type: 'ack', client_id, id: seq, seq, timestamp: '' };
    for (const frame of seq === 3 ? [ack, said] : [said, ack]) socket.says(frame);
  }
  expect(client.view().open?.conversation.otherReply).toBeNull();
});

test('half a letter is said as far as it can be said', () => {
  const socket = begin();
  socket.took();
  watch(socket, ANN, page([]));
  client.current?.say('\ud83d hi \ud83d\ude00');
  expect(socket.took1('message')).toMatchObject({ message: '\ufffd hi \ud83d\ude00' });
});
