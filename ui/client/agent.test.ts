import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentClient } from './agent.ts';
import { message, messages, page, type ScriptedSocket, World } from './scripted.ts';

const ANN = 'ann@example.com';
const BEN = 'ben@example.com';

let world: World;
let client: AgentClient;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  client = new AgentClient({ environment: world.environment, url: 'ws://host/ws', owner: 'x', changed: () => {} });
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

function begin(): ScriptedSocket {
  client.start();
  world.socket.open();
  return world.socket;
}

/** Answers the one `get_conversation` that is open. */
function answer(socket: ScriptedSocket, fields: Record<string, unknown>): Record<string, unknown> {
  const asked = socket.took1('get_conversation');
  socket.says({ type: 'conversation', email: asked.email, client_id: asked.client_id, ...fields });
  return asked;
}

const seqs = () => client.view().open?.conversation.messages.map(({ seq }) => seq);
const emails = () => client.view().inbox.rows.map(({ email }) => email);

describe('the inbox', () => {
  test('comes as a page, changes live, and sorts by last activity', () => {
    const socket = begin();
    const { client_id } = socket.took1('list');
    const rows = [row(ANN, '2026-01-02'), row(BEN, '2026-01-01', { unread: 3, tags: ['vip', 7], later: 1 })];
    socket.says({ type: 'list', client_id, rows, cursor: null });
    expect(emails()).toEqual([ANN, BEN]);
    expect(client.view().inbox.rows[1]).toMatchObject({ unread: 3, tags: ['vip'], status: null, last_message: null });
    socket.says({ type: 'row', row: row(BEN, '2026-01-03') });
    expect(emails()).toEqual([BEN, ANN]);
    socket.says({ type: 'row', row: row('new@example.com', '2026-01-04') });
    socket.says({ type: 'row', row: { ...row(ANN, '2026-01-05'), gone: true } });
    expect(emails()).toEqual(['new@example.com', BEN]);
  });

  test('goes on by the cursor, once at a time', () => {
    const socket = begin();
    const first = socket.took1('list');
    socket.says({ type: 'list', client_id: first.client_id, rows: [row(ANN, '2026-01-02')], cursor: 'next' });
    client.inbox.more();
    client.inbox.more();
    const second = socket.took1('list');
    expect(second).toMatchObject({ cursor: 'next' });
    socket.says({ type: 'list', client_id: second.client_id, rows: [row(BEN, '2026-01-01')], cursor: null });
    expect(emails()).toEqual([ANN, BEN]);
    client.inbox.more();
    expect(socket.took()).toEqual([]);
  });

  test('after a break it is asked anew, and what is gone is gone', () => {
    const socket = begin();
    const rows = [row(ANN, '2026-01-02'), row(BEN, '2026-01-01')];
    socket.says({ type: 'list', client_id: socket.took1('list').client_id, rows, cursor: null });
    const again = world.reconnect();
    expect(emails()).toEqual([ANN, BEN]);
    again.says({ type: 'list', client_id: again.took1('list').client_id, rows: rows.slice(1), cursor: null });
    expect(emails()).toEqual([BEN]);
  });

  test('a list that is not available now is asked for again', () => {
    const socket = begin();
    const { client_id } = socket.took1('list');
    socket.says({ type: 'error', code: 'unavailable', message: '', client_id, retry_after_ms: 100 });
    vi.advanceTimersByTime(5_000);
    expect(socket.took1('list')).toMatchObject({ client_id });
    socket.says({ type: 'error', code: 'forbidden', message: '', client_id });
    expect(client.view().inbox.state).toBe('refused');
  });
});

describe('watching', () => {
  test('opening asks for the latest, and a break asks for what follows', () => {
    const socket = begin();
    client.watch(ANN);
    expect(answer(socket, page(messages(1, 4)))).toMatchObject({ email: ANN });
    socket.says({ type: 'message', message: message(5, 'user') });
    const again = world.reconnect();
    const asked = answer(again, { ...page(messages(6, 7, 'user')), recovered: true });
    expect(asked).toMatchObject({ email: ANN, after: 5, epoch: 'e1' });
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('an address opened before the socket is asked for once it is there', () => {
    client.watch(ANN);
    expect(client.view().open?.conversation.state).toBe('loading');
    const socket = begin();
    expect(answer(socket, page(messages(1, 2)))).toMatchObject({ email: ANN });
    expect(client.view().open?.conversation.state).toBe('ready');
  });

  test('coming back to one shows it at once and fetches what it missed', () => {
    const socket = begin();
    client.watch(ANN);
    answer(socket, page(messages(1, 4)));
    client.watch(BEN);
    answer(socket, page([]));
    // Stored while nobody watched: only the ack came.
    client.watch(ANN);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(answer(socket, { ...page(messages(5, 6)), recovered: true })).toMatchObject({ after: 4 });
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('pages still under way for the one that was left do not watch it again', () => {
    const socket = begin();
    client.watch(ANN);
    answer(socket, page(messages(1, 4)));
    world.reconnect();
    const late = world.socket.took1('get_conversation');
    client.watch(BEN);
    world.socket.took();
    const more = page(messages(5, 54), { has_more: true });
    world.socket.says({ type: 'conversation', email: ANN, client_id: late.client_id, recovered: true, ...more });
    expect(world.socket.took()).toEqual([]);
  });

  test('a refused conversation says so and can be asked for again', () => {
    const socket = begin();
    client.watch(ANN);
    const { client_id } = socket.took1('get_conversation');
    socket.says({ type: 'error', code: 'bad_request', message: '', client_id });
    expect(client.view().open?.conversation.state).toBe('refused');
    client.current?.fetch();
    answer(socket, page([]));
    expect(client.view().open?.conversation.state).toBe('ready');
  });

  test('events move the place to resume from, though they show nothing', () => {
    const socket = begin();
    client.watch(ANN);
    answer(socket, page(messages(1, 2), { conversation: 'c1' }));
    socket.says({ type: 'event', event: { conversation: 'c1', seq: 3, kind: 'assigned' } });
    expect(world.reconnect().took1('get_conversation')).toMatchObject({ after: 3 });
  });
});

describe('answering', () => {
  test('goes to whom it was written, whoever is on the screen when it is stored', () => {
    const socket = begin();
    client.watch(ANN);
    answer(socket, page(messages(1, 2, 'user')));
    client.current?.say('for Ann');
    client.watch(BEN);
    const sent = socket.took();
    expect(sent).toContainEqual(expect.objectContaining({ type: 'message', to: ANN, message: 'for Ann' }));
    expect(client.view().open?.conversation.pending).toEqual([]);
    const { client_id } = sent.find(({ type }) => type === 'message') ?? {};
    socket.says({ type: 'ack', client_id, id: 9, seq: 4, timestamp: '2026-01-31T09:31:00.000000+00:00' });
    client.watch(ANN);
    expect(seqs()).toEqual([1, 2, 4]);
    // The ack said nothing about 3.
    expect(answer(socket, { ...page([message(3, 'user'), message(4, 'admin')]), recovered: true })).toMatchObject({
      after: 2,
    });
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  test('one who asks for patience does not hold up another', () => {
    const socket = begin();
    client.watch(ANN);
    client.current?.say('to Ann');
    const first = socket.took1('message');
    socket.says({
      type: 'error',
      code: 'unavailable',
      message: '',
      client_id: first.client_id,
      retry_after_ms: 60_000,
    });
    client.watch(BEN);
    client.current?.say('to Ben');
    expect(socket.took1('message')).toMatchObject({ to: BEN });
  });

  test('reading and typing name the participant; a colleague is not the visitor', () => {
    const socket = begin();
    client.watch(ANN);
    answer(socket, page(messages(1, 2, 'user')));
    client.current?.shown(2, true);
    client.current?.drafting('h');
    expect(socket.took()).toEqual([
      { type: 'read_messages', email: ANN, up_to: 2 },
      { type: 'typing', email: ANN, typing: true },
    ]);
    socket.says({ type: 'typing', email: ANN, sender: { role: 'admin', name: 'Bo' }, typing: true });
    expect(client.view().open?.conversation.typing).toBeNull();
    socket.says({ type: 'typing', email: ANN, sender: { role: 'user' }, typing: true });
    expect(client.view().open?.conversation.typing).not.toBeNull();
  });
});
