import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { brokenStore, message, messages, page, type ScriptedSocket, World } from './scripted.ts';
import { VisitorClient } from './visitor.ts';

let world: World;
let client: VisitorClient;
let changes: number;

function arrive(): VisitorClient {
  return new VisitorClient({
    environment: world.environment,
    url: 'ws://host/ws/chat/user/ann/',
    owner: 'ann@example.com',
    changed: () => {
      changes += 1;
    },
  });
}

function begin(history = page([])): ScriptedSocket {
  client.start();
  world.socket.open();
  world.socket.says({ type: 'history', ...history });
  return world.socket;
}

const seqs = () => client.view().conversation.messages.map(({ seq }) => seq);
const pendingTexts = () => client.view().conversation.pending.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  changes = 0;
  client = arrive();
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

describe('sending', () => {
  test('a message is on the screen before anything is sent, and waits for the history', () => {
    client.start();
    client.conversation.say('  hi \n');
    expect(pendingTexts()).toEqual(['hi']);
    world.socket.open();
    expect(world.socket.took()).toEqual([]);
    world.socket.says({ type: 'history', ...page([]) });
    expect(world.socket.took()).toEqual([{ type: 'message', message: 'hi', client_id: 'id-1' }]);
    expect(changes).toBeGreaterThan(0);
  });

  test('white space alone is not a message', () => {
    const socket = begin();
    client.conversation.say(' \n\t ');
    expect(pendingTexts()).toEqual([]);
    expect(socket.took()).toEqual([]);
  });

  test.each([
    ['ack first', ['ack', 'message']],
    ['frame first', ['message', 'ack']],
  ])('an ack and the own frame make one message, %s', (_, order) => {
    const socket = begin();
    client.conversation.say('hi');
    const own = message(1, 'user', { content: 'hi', client_id: 'id-1' });
    for (const kind of order) {
      if (kind === 'ack') socket.says({ type: 'ack', client_id: 'id-1', id: 1_001, seq: 1, timestamp: own.timestamp });
      else socket.says({ type: 'message', message: own });
    }
    expect(pendingTexts()).toEqual([]);
    expect(client.view().conversation.messages).toEqual([expect.objectContaining({ seq: 1, client_id: 'id-1' })]);
  });

  test('the next one leaves when the one before is stored', () => {
    const socket = begin();
    client.conversation.say('one');
    client.conversation.say('two');
    expect(socket.took1('message').message).toBe('one');
    socket.says({ type: 'ack', client_id: 'id-1', id: 1, seq: 1, timestamp: '' });
    expect(socket.took1('message').message).toBe('two');
  });

  test('an id of ours on a message of the other side proves nothing', () => {
    const socket = begin();
    client.conversation.say('hi');
    socket.says({ type: 'message', message: message(1, 'admin', { client_id: 'id-1' }) });
    expect(pendingTexts()).toEqual(['hi']);
  });

  test('after a break the same ids leave again in the same order, and only those not stored', () => {
    let socket = begin();
    for (const text of ['one', 'two', 'three']) client.conversation.say(text);
    expect(socket.took1('message').client_id).toBe('id-1');
    socket = world.reconnect();
    // The first was stored; its ack was lost.
    const stored = message(1, 'user', { content: 'one', client_id: 'id-1' });
    socket.says({ type: 'history', ...page([stored]) });
    expect(socket.took1('message')).toMatchObject({ message: 'two', client_id: 'id-2' });
    socket = world.reconnect();
    socket.says({ type: 'history', ...page([stored]) });
    expect(socket.took1('message')).toMatchObject({ message: 'two', client_id: 'id-2' });
    socket.says({ type: 'ack', client_id: 'id-2', id: 2, seq: 2, timestamp: '' });
    expect(socket.took1('message')).toMatchObject({ message: 'three', client_id: 'id-3' });
    socket.says({ type: 'ack', client_id: 'id-3', id: 3, seq: 3, timestamp: '' });
    expect(seqs()).toEqual([1, 2, 3]);
    expect(pendingTexts()).toEqual([]);
  });
});

describe('refusals', () => {
  test('a message refused for good says so, lets the next one pass, and leaves again on retry', () => {
    const socket = begin();
    client.conversation.say('bad');
    client.conversation.say('good');
    socket.took();
    socket.says({ type: 'error', code: 'bad_request', message: '', client_id: 'id-1' });
    expect(client.view().conversation.pending[0]).toMatchObject({ text: 'bad', failed: 'bad_request' });
    expect(socket.took1('message').message).toBe('good');
    socket.says({ type: 'ack', client_id: 'id-2', id: 1, seq: 1, timestamp: '' });
    expect(socket.took()).toEqual([]);
    client.outbox.retry('id-1');
    expect(socket.took1('message')).toMatchObject({ message: 'bad', client_id: 'id-1' });
    expect(client.view().conversation.pending[0]?.failed).toBeNull();
  });

  test('a reused id is replaced on retry', () => {
    const socket = begin();
    client.conversation.say('hi');
    socket.took();
    socket.says({ type: 'error', code: 'client_id_reused', message: '', client_id: 'id-1' });
    client.outbox.retry('id-1');
    expect(socket.took1('message')).toMatchObject({ message: 'hi', client_id: 'id-2' });
  });

  test('a failed one can be given up, one under way cannot', () => {
    const socket = begin();
    client.conversation.say('hi');
    client.outbox.discard('id-1');
    expect(pendingTexts()).toEqual(['hi']);
    socket.says({ type: 'error', code: 'forbidden', message: '', client_id: 'id-1' });
    client.outbox.discard('id-1');
    expect(pendingTexts()).toEqual([]);
  });

  test.each(['rate_limited', 'unavailable'])('%s is tried again after the time asked for, in order', (code) => {
    world.chance = 0;
    const socket = begin();
    client.conversation.say('one');
    client.conversation.say('two');
    socket.took();
    socket.says({ type: 'error', code, message: '', client_id: 'id-1', retry_after_ms: 4_000 });
    expect(client.view().conversation.heldUntil).toBe(Date.now() + 4_000);
    vi.advanceTimersByTime(3_999);
    expect(socket.took()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(socket.took1('message')).toMatchObject({ message: 'one', client_id: 'id-1' });
    expect(client.view().conversation.heldUntil).toBeNull();
  });

  test('what no frame can carry fails without a try', () => {
    const socket = begin();
    client.conversation.say('x'.repeat(70_000));
    expect(client.view().conversation.pending[0]?.failed).toBe('too_large');
    expect(socket.took()).toEqual([]);
  });
});

describe('resuming', () => {
  test('a history that joins on needs no question', () => {
    begin(page(messages(1, 3)));
    const socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(2, 5)) });
    expect(socket.took()).toEqual([]);
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  test('a gap below the history is closed page by page, without loss or doubles', () => {
    begin(page(messages(1, 3)));
    const socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(151, 200), { has_more: true }) });
    let asked = socket.took1('get_conversation');
    expect(asked).toMatchObject({ after: 3, epoch: 'e1' });
    // Something new while the gap is open must not move the place to resume from.
    socket.says({ type: 'message', message: message(201) });
    const answer = (from: number, to: number, has_more: boolean) => ({
      type: 'conversation',
      email: 'ann@example.com',
      client_id: asked.client_id,
      recovered: true,
      ...page(messages(from, to), { has_more }),
    });
    socket.says(answer(4, 103, true));
    asked = socket.took1('get_conversation');
    expect(asked).toMatchObject({ after: 103, epoch: 'e1' });
    socket.says(answer(104, 201, false));
    expect(socket.took()).toEqual([]);
    expect(seqs()).toEqual(messages(1, 201).map(({ seq }) => seq));
    expect(client.view().conversation.hasOlder).toBe(false);
  });

  test('a break inside the gap goes on where the pages stopped', () => {
    begin(page(messages(1, 3)));
    let socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(151, 200), { has_more: true }) });
    const { client_id } = socket.took1('get_conversation');
    const recovered = { type: 'conversation', email: '', client_id, recovered: true };
    socket.says({ ...recovered, ...page(messages(4, 53), { has_more: true }) });
    socket.says({ type: 'message', message: message(201) });
    socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(152, 201), { has_more: true }) });
    expect(socket.took1('get_conversation')).toMatchObject({ after: 53 });
  });

  test('an answer that went under with its socket changes nothing later', () => {
    begin(page(messages(1, 3)));
    let socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(151, 200)) });
    const { client_id } = socket.took1('get_conversation');
    socket = world.reconnect();
    socket.says({ type: 'conversation', email: '', client_id, ...page(messages(4, 200)), recovered: true });
    expect(seqs()).not.toContain(4);
  });

  test('not recovered: the page given takes the place of all', () => {
    begin(page(messages(1, 3)));
    const socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(151, 200)) });
    const { client_id } = socket.took1('get_conversation');
    const fresh = page(messages(160, 209), { has_more: true });
    socket.says({ type: 'conversation', email: '', client_id, recovered: false, ...fresh });
    expect(seqs()).toEqual(messages(160, 209).map(({ seq }) => seq));
    expect(client.view().conversation.hasOlder).toBe(true);
  });

  test.each([
    ['another epoch', page(messages(1, 2), { epoch: 'e2' })],
    ['fewer than we know', page(messages(1, 2))],
  ])('%s: the history takes the place of all', (_, history) => {
    begin(page(messages(1, 30)));
    const socket = world.reconnect();
    socket.says({ type: 'history', ...history });
    expect(seqs()).toEqual([1, 2]);
    expect(socket.took()).toEqual([]);
  });

  test('a jump in seq on a live socket is no loss', () => {
    const socket = begin(page(messages(1, 3)));
    socket.says({ type: 'message', message: message(9) });
    expect(socket.took()).toEqual([]);
    world.reconnect().says({ type: 'history', ...page([message(9), message(12)], { first_seq: 5 }) });
    expect(seqs()).toEqual([1, 2, 3, 9, 12]);
    expect(world.socket.took()).toEqual([]);
  });

  test('an ack that overtakes other messages does not hide them', () => {
    const socket = begin(page(messages(1, 3)));
    client.conversation.say('hi');
    socket.says({ type: 'ack', client_id: 'id-1', id: 5, seq: 5, timestamp: '' });
    // Message 4 was under way when the socket broke.
    world.reconnect().says({ type: 'history', ...page(messages(40, 90)) });
    expect(world.socket.took1('get_conversation')).toMatchObject({ after: 3 });
  });

  test('older pages come before what is there', () => {
    const socket = begin(page(messages(51, 100), { has_more: true }));
    client.conversation.loadOlder();
    client.conversation.loadOlder();
    const asked = socket.took1('get_conversation');
    expect(asked).toMatchObject({ before: 51 });
    expect(client.view().conversation.older).toBe('loading');
    socket.says({ type: 'conversation', email: '', client_id: asked.client_id, ...page(messages(1, 50)) });
    expect(seqs()).toEqual(messages(1, 100).map(({ seq }) => seq));
    expect(client.view().conversation).toMatchObject({ older: 'idle', hasOlder: false });
  });

  test('a break while older ones load lets them be asked for again', () => {
    const latest = page(messages(51, 100), { has_more: true, read: { user: 100, admin: 0 } });
    begin(latest);
    client.conversation.loadOlder();
    const socket = world.reconnect();
    socket.says({ type: 'history', ...latest });
    expect(client.view().conversation.older).toBe('idle');
    client.conversation.loadOlder();
    expect(socket.took1('get_conversation')).toMatchObject({ before: 51 });
  });
});

describe('reading', () => {
  const readFrames = (socket: ScriptedSocket) => socket.took().filter(({ type }) => type === 'read_messages');

  test('only what was shown to somebody who looks is read, and said once', () => {
    const socket = begin(page(messages(1, 5)));
    client.conversation.shown(5, false);
    expect(readFrames(socket)).toEqual([]);
    client.conversation.shown(3, true);
    expect(readFrames(socket)).toEqual([{ type: 'read_messages', up_to: 3 }]);
    expect(client.view().conversation.unread).toBe(2);
    client.conversation.shown(3, true);
    client.conversation.shown(2, true);
    expect(readFrames(socket)).toEqual([]);
    client.conversation.shown(5, true);
    expect(readFrames(socket)).toEqual([{ type: 'read_messages', up_to: 5 }]);
  });

  test('own messages need no reading', () => {
    const socket = begin(page([message(1), message(2, 'user')], { read: { user: 1, admin: 0 } }));
    client.conversation.shown(2, true);
    expect(readFrames(socket)).toEqual([]);
  });

  test('while a gap is open nothing counts as shown; once closed, it does', () => {
    begin(page(messages(1, 3), { read: { user: 3, admin: 0 } }));
    const socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(151, 200), { read: { user: 3, admin: 0 } }) });
    const { client_id } = socket.took1('get_conversation');
    client.conversation.shown(200, true);
    expect(readFrames(socket)).toEqual([]);
    socket.says({ type: 'conversation', email: '', client_id, recovered: true, ...page(messages(4, 200)) });
    expect(readFrames(socket)).toEqual([{ type: 'read_messages', up_to: 200 }]);
  });

  test('a read mark lost with its socket is said again', () => {
    begin(page(messages(1, 5)));
    client.conversation.shown(5, true);
    const socket = world.reconnect();
    socket.says({ type: 'history', ...page(messages(1, 5)) });
    expect(readFrames(socket)).toEqual([{ type: 'read_messages', up_to: 5 }]);
  });

  test("the other side's cursor moves forward only", () => {
    const socket = begin(page(messages(1, 5, 'user')));
    socket.says({ type: 'messages_read', reader: 'admin', email: 'ann@example.com', up_to: 4 });
    socket.says({ type: 'messages_read', reader: 'admin', email: 'ann@example.com', up_to: 2 });
    expect(client.view().conversation.read.admin).toBe(4);
    socket.says({ type: 'messages_read', reader: 'admin', email: 'ann@example.com' });
    expect(client.view().conversation.read.admin).toBe(5);
  });
});

describe('typing', () => {
  const typing = (typed: boolean) => ({ type: 'typing', email: '', sender: { name: 'Ana' }, typing: typed });

  test('expires after five seconds, each frame anew; a message ends it', () => {
    const socket = begin();
    socket.says(typing(true));
    vi.advanceTimersByTime(4_000);
    socket.says(typing(true));
    vi.advanceTimersByTime(4_999);
    expect(client.view().conversation.typing).toMatchObject({ name: 'Ana' });
    vi.advanceTimersByTime(1);
    expect(client.view().conversation.typing).toBeNull();
    socket.says(typing(true));
    socket.says({ type: 'message', message: message(1) });
    expect(client.view().conversation.typing).toBeNull();
    socket.says(typing(true));
    socket.says(typing(false));
    expect(client.view().conversation.typing).toBeNull();
  });

  test('is sent at most every three seconds, and taken back when the draft is emptied', () => {
    const socket = begin();
    for (let n = 0; n < 30; n += 1) {
      client.conversation.drafting('hello');
      vi.advanceTimersByTime(100);
    }
    client.conversation.drafting('hello');
    expect(socket.took()).toEqual([
      { type: 'typing', typing: true },
      { type: 'typing', typing: true },
    ]);
    client.conversation.drafting('');
    client.conversation.drafting('');
    expect(socket.took()).toEqual([{ type: 'typing', typing: false }]);
  });
});

describe('keeping', () => {
  test('what was not stored outlives a reload, failed ones too', () => {
    const socket = begin();
    client.conversation.say('bad');
    client.conversation.say('good');
    socket.says({ type: 'error', code: 'bad_request', message: '', client_id: 'id-1' });
    client.stop();
    client = arrive();
    expect(client.view().conversation.pending).toMatchObject([
      { text: 'bad', failed: 'bad_request' },
      { text: 'good', failed: null },
    ]);
    expect(begin().took1('message')).toMatchObject({ message: 'good', client_id: 'id-2' });
    world.socket.says({ type: 'ack', client_id: 'id-2', id: 1, seq: 1, timestamp: '' });
    client.outbox.clear();
    expect(arrive().view().conversation.pending).toEqual([]);
  });

  test.each([
    ['throws', brokenStore],
    ['is missing', null],
  ])('a storage that %s costs nothing but that', (_, storage) => {
    world.storage = storage;
    client = arrive();
    const socket = begin();
    client.conversation.say('hi');
    expect(socket.took1('message').message).toBe('hi');
    socket.says({ type: 'ack', client_id: 'id-1', id: 1, seq: 1, timestamp: '' });
    expect(seqs()).toEqual([1]);
  });
});

describe('how many are unread', () => {
  /** The server's latest page, of a long conversation of which the visitor has read up to `read`. */
  const latest = (from: number, to: number, read: number) =>
    page(messages(from, to), { has_more: from > 1, read: { user: read, admin: 0 } });

  test('those before the latest page are counted too', () => {
    const socket = begin(latest(71, 120, 40));
    expect(client.view().conversation.unread).toBe(50);
    const { client_id, before, limit } = socket.took1('get_conversation');
    expect([before, limit]).toEqual([71, 200]);
    const rest = page(messages(1, 70), { has_more: false, read: { user: 40, admin: 0 } });
    socket.says({ type: 'conversation', email: '', client_id, ...rest });
    expect(client.view().conversation.unread).toBe(80);
    expect(socket.took()).toEqual([]);
  });

  test('nothing is asked for what has been read, nor beyond 99', () => {
    expect(begin(latest(71, 120, 70)).took()).toEqual([]);
    client.stop();
    client = arrive();
    expect(begin(latest(101, 220, 0)).took()).toEqual([]);
    expect(client.view().conversation.unread).toBe(120);
  });

  test('nor where the visitor’s own words are all there is, or something of theirs is read', () => {
    const own = page(messages(71, 120, 'user'), { has_more: true, read: { user: 0, admin: 0 } });
    expect(begin(own).took()).toEqual([]);
  });

  test('a page that brings nothing older is not asked for again', () => {
    const socket = begin(latest(71, 120, 40));
    const { client_id } = socket.took1('get_conversation');
    socket.says({
      type: 'conversation',
      email: '',
      client_id,
      ...page([], { first_seq: 71, last_seq: 70, has_more: true }),
    });
    expect(socket.took()).toEqual([]);
  });
});

test('frames of later versions pass by', () => {
  const socket = begin(page(messages(1, 2)));
  socket.says({ type: 'presence', subject: 'x', state: 'online' });
  socket.says({ type: 'user_list' });
  socket.says({ type: 'message', message: { content: 'no seq' } });
  socket.onmessage?.({ data: 'not json' });
  socket.onmessage?.({ data: new ArrayBuffer(1) });
  socket.says({ type: 'message', message: { ...message(3), reactions: ['+1'] }, later: true });
  expect(seqs()).toEqual([1, 2, 3]);
});
