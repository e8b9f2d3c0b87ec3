import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, World } from './scripted.ts';
import { VisitorClient } from './visitor.ts';

let world: World;
let client: VisitorClient;
let was: string | undefined;
const taken = vi.fn(() => {
  was = undefined;
});

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  was = 'anonymous token';
  taken.mockClear();
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

function start(token?: string, expired?: () => void): void {
  client = new VisitorClient({
    environment: world.environment,
    url: 'ws://host/ws',
    owner: 'ann@example.com',
    token,
    visitor: () => was,
    taken,
    ...(expired && { expired }),
    changed: () => {},
  });
  client.start();
  world.socket.open();
}

test('who is identified shows the token of the visitor that he was beside his own, until he is told that it is done', () => {
  start('his own');
  const auth = world.socket.took1('auth');
  expect(auth).toMatchObject({ type: 'auth', token: 'his own', visitor: 'anonymous token' });
  // The socket breaks before the answer: both are shown again.
  const again = world.reconnect();
  const second = again.took1('auth');
  expect(second.visitor).toBe('anonymous token');
  again.says({ type: 'ack', client_id: second.client_id });
  expect(taken).toHaveBeenCalledOnce();
  again.says({ type: 'history', ...page([]) });
  expect(world.reconnect().took()).toEqual([{ type: 'auth', token: 'his own' }]);
});

test('one who is known by cookies shows that token alone', () => {
  start();
  expect(world.socket.took1('auth')).toMatchObject({ type: 'auth', visitor: 'anonymous token' });
});

test('a token that is refused for good is of no more use; one that is refused for now is shown again', () => {
  start('his own');
  const { client_id } = world.socket.took1('auth');
  world.socket.says({ type: 'error', code: 'unavailable', message: '', client_id, retry_after_ms: 1_000 });
  expect(taken).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(world.socket.took1('auth').visitor).toBe('anonymous token');
  world.socket.says({ type: 'error', code: 'moved', message: '', client_id });
  expect(taken).toHaveBeenCalledOnce();
});

test('whoever is told that his conversation was moved asks who he is', () => {
  const expired = vi.fn();
  start('his own', expired);
  world.socket.breaks(4410, 'moved');
  expect(expired).toHaveBeenCalledOnce();
});

test('what he had yet to send as the one that he was, he sends as who he is, under the same key', () => {
  was = undefined;
  start('anonymous token');
  client.conversation.say('Hello?');
  const [entry] = client.outbox.pending('');
  client.stop();
  start('his own');
  // Once, however many tell of it.
  for (const told of entry ? [entry, entry] : []) client.outbox.take(told);
  world.socket.says({ type: 'history', ...page([]) });
  expect(world.socket.took1('message')).toMatchObject({ message: 'Hello?', client_id: entry?.client_id });
  world.socket.says({ type: 'ack', client_id: entry?.client_id, id: 1, seq: 1, timestamp: '' });
  if (entry) client.outbox.take(entry);
  expect(client.outbox.pending('')).toEqual([]);
});
