import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentClient } from './agent.ts';
import { opened, type ScriptedSocket, World } from './scripted.ts';

const ANN = 'ann@example.com';
const UNTIL = '2026-02-01T00:00:00Z';

let world: World;
let client: AgentClient;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  client = new AgentClient({ environment: world.environment, url: '', owner: 'x', changed: () => {} });
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

/** At the open conversation, as a page tells of it. */
function begin(ban?: object): ScriptedSocket {
  return opened(world, client, ANN, { ban });
}

const view = () => client.view().open?.ban;
const event = (seq: number, kind: string, more = {}) => ({
  type: 'event',
  event: { conversation: 'c', seq, kind, actor: { name: 'Sue', role: 'admin' }, ...more },
});

test('a page tells of a ban, and events change it', () => {
  const socket = begin({ reason: 'spam', until: UNTIL });
  expect(view()?.known).toEqual({ reason: 'spam', until: UNTIL });
  socket.says(event(1, 'unbanned'));
  expect(view()?.known).toBe(null);
  socket.says(event(2, 'banned', { reason: 'again' }));
  expect(view()?.known).toEqual({ reason: 'again', until: null });
  expect(client.view().open?.conversation.ai?.lines.map(({ kind }) => kind)).toEqual(['unbanned', 'banned']);
});

test('what is told of a conversation that was moved here changes nothing', () => {
  const socket = begin({ reason: 'spam', until: UNTIL });
  socket.says(event(1, 'banned', { reason: 'once', over: true }));
  socket.says(event(2, 'unbanned', { over: true }));
  expect(view()?.known).toEqual({ reason: 'spam', until: UNTIL });
  expect(client.view().open?.conversation.ai?.lines.map(({ kind }) => kind)).toEqual(['banned', 'unbanned']);
});

test('what is asked goes out, and a refusal is told', () => {
  const socket = begin();
  expect(view()).toEqual({ known: null, refused: null });
  client.bans.ask({ type: 'ban', email: ANN, reason: 'spam', seconds: 60, address: true });
  const asked = socket.took1('ban');
  expect(asked).toMatchObject({ email: ANN, reason: 'spam', seconds: 60, address: true });
  socket.says({ type: 'error', code: 'forbidden', message: '', client_id: asked.client_id });
  expect(view()?.refused).toBe('forbidden');
  client.bans.ask({ type: 'lift_ban', email: ANN });
  expect(view()?.refused).toBe(null);
  socket.says({ type: 'ack', client_id: socket.took1('lift_ban').client_id });
  expect(view()?.refused).toBe(null);
});

test('without a socket nothing is promised', () => {
  begin();
  world.socket.breaks();
  client.bans.ask({ type: 'lift_ban', email: ANN });
  expect(view()?.refused).toBe('unavailable');
});
