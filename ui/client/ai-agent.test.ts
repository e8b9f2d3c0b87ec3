import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentClient } from './agent.ts';
import type { Policy } from './ai-frames.ts';
import { message, messages, page, type ScriptedSocket, World } from './scripted.ts';

const ANN = 'ann@example.com';
const BEN = 'ben@example.com';

let world: World;
let client: AgentClient;
let arrived: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  arrived = [];
  client = new AgentClient({
    environment: world.environment,
    url: '',
    owner: 'x',
    changed: () => {},
    arrived: ({ email }, why) => arrived.push(`${email} ${why}`),
  });
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

function begin(): ScriptedSocket {
  client.start();
  world.socket.open();
  return world.socket;
}

function watch(socket: ScriptedSocket, of: object): void {
  socket.took();
  client.watch(ANN);
  const { client_id } = socket.took1('get_conversation');
  socket.says({ type: 'conversation', email: ANN, client_id, ...of });
}

const ai = () => client.view().open?.conversation.ai;
const event = (seq: number, kind: string, more = {}) => ({
  type: 'event',
  event: { email: ANN, seq, kind, ...more },
});
const AI = { attending: 'ai', answering: 1, suggests: false };

test('who waits for a person is announced once, when it begins', () => {
  const socket = begin();
  const row = (email: string, more = {}) => ({ email, conversation: email, active_at: '2', last_seq: 9, ...more });
  const { client_id } = socket.took1('list');
  socket.says({ type: 'list', client_id, rows: [row(ANN), row('old@x', { queued_at: '1' })], cursor: null });
  socket.says({ type: 'row', row: row(ANN, { attending: 'agents', queued_at: '3', active_at: '3' }) });
  socket.says({ type: 'row', row: row(ANN, { attending: 'agents', queued_at: '3', active_at: '4' }) });
  socket.says({ type: 'row', row: row('old@x', { queued_at: '1', active_at: '5' }) });
  // Not on our pages so far: one that waits from now on, and one that has waited for long.
  socket.says({ type: 'row', row: row(BEN, { queued_at: '6', active_at: '6' }) });
  socket.says({ type: 'row', row: row('late@x', { queued_at: '1', active_at: '7' }) });
  socket.says({ type: 'row', row: row(ANN, { gone: true, queued_at: '9', active_at: '9' }) });
  expect(arrived).toEqual([`${ANN} waits`, `${BEN} waits`]);
  expect(client.inbox.row(BEN)).toMatchObject({ queued_at: '6' });
  client.inbox.show('waiting');
  expect(socket.took1('list')).toMatchObject({ filter: { waiting: true } });
});

test('the draft of the conversation that is watched is seen as it grows', () => {
  const socket = begin();
  watch(socket, page(messages(1, 1, 'user'), { ai: AI }));
  expect(ai()).toMatchObject({ attending: 'ai', draft: { inReplyTo: 1, text: '' } });
  socket.says({ type: 'draft', email: ANN, in_reply_to: 1, at: 0, text: 'Well' });
  socket.says({ type: 'draft', email: BEN, in_reply_to: 1, at: 0, text: 'Other' });
  expect(ai()?.draft?.text).toBe('Well');
  client.watch(BEN);
  client.watch(ANN);
  expect(ai()?.draft, 'nobody watched meanwhile').toBeNull();
});

test('taking over, handing back and stopping name the conversation', () => {
  const socket = begin();
  watch(socket, page(messages(1, 1, 'user'), { ai: AI }));
  const act = client.current?.ai;
  act?.stop();
  expect(socket.took1('stop')).toMatchObject({ email: ANN });
  act?.takeOver();
  const { client_id, email } = socket.took1('take_over');
  expect(email).toBe(ANN);
  // To look at another one meanwhile forgets nothing.
  client.watch(BEN);
  client.watch(ANN);
  socket.says({ type: 'error', code: 'unavailable', message: '', client_id });
  socket.took();
  vi.advanceTimersByTime(5_000);
  socket.took1('take_over');
  socket.says(event(2, 'taken_over'));
  expect(ai()?.attending).toBe('agents');
  act?.handBack();
  expect(socket.took1('hand_back')).toMatchObject({ email: ANN });
  act?.choosePersonality({ own: 'Rhyme.' });
  expect(socket.took1('personality')).toMatchObject({ email: ANN, personality: { own: 'Rhyme.' } });
  socket.says(event(4, 'personality_chosen', { personality: { own: 'Rhyme.' } }));
  expect(ai()?.personality).toEqual({ own: 'Rhyme.' });
  socket.says(event(5, 'personality_chosen', { personality: null }));
  expect(ai()?.personality).toBeNull();
});

test('a suggestion stands until somebody of our side has answered, a newer one replaces it', () => {
  const socket = begin();
  watch(socket, page(messages(1, 1, 'user'), { ai: { ...AI, suggests: true, answering: null } }));
  expect(ai()).toMatchObject({ suggests: true, suggestion: null });
  socket.says(event(2, 'suggestion', { in_reply_to: 1, text: 'Say hello.', sources: [{ title: 'Manners' }] }));
  socket.says(event(3, 'suggestion', { in_reply_to: 1, text: 'Say hi.' }));
  expect(ai()?.suggestion).toMatchObject({ seq: 3, text: 'Say hi.' });
  client.current?.say('Say hi.');
  expect(ai()?.suggestion, 'ours is on its way').toBeNull();
  const said = socket.took1('message');
  socket.says({ type: 'ack', client_id: said.client_id, id: 4, seq: 4, timestamp: '' });
  expect(ai()?.suggestion).toBeNull();
  socket.says({ type: 'message', message: message(5, 'user') });
  socket.says(event(6, 'suggestion', { in_reply_to: 5, text: 'And more.' }));
  expect(ai()?.suggestion).toMatchObject({ text: 'And more.' });
  socket.says({ type: 'message', message: message(7, 'admin', { sender: { name: 'Bo' } }) });
  expect(ai()?.suggestion).toBeNull();
});

const POLICY = { mode: 'suggest', name: 'Mini', handoff_words: ['refund', 7], hours: { time_zone: 'UTC', week: [] } };
const FIGURES = { answered: 4, handed_over: { asked: 2, later: 1 }, helpful: 3 };

test('the report is asked for on every connection, and a policy is saved', () => {
  const socket = begin();
  const { client_id } = socket.took1('ai');
  expect(client.view().ai.state).toBe('loading');
  socket.says({ type: 'ai', client_id, available: true, policy: POLICY, figures: FIGURES });
  const { policy, figures, available } = client.view().ai;
  expect(policy).toMatchObject({ mode: 'suggest', share: 100, handoff_words: ['refund'], unhelpful_after: null });
  expect(policy?.hours?.week).toHaveLength(7);
  expect(figures).toEqual({ ...FIGURES, suggested: 0, taken_over: 0, stopped: 0, unhelpful: 0 });
  expect(available).toBe(true);

  watch(socket, page(messages(1, 1, 'user')));
  client.ai.save({ ...(policy as Policy), mode: 'off' });
  const asked = socket.took1('set_ai');
  expect(asked.policy).toMatchObject({ mode: 'off', name: 'Mini' });
  expect(client.view().ai.saving).toBe('saving');
  socket.says({ type: 'error', code: 'bad_request', message: 'a name has 1 to 100 bytes', client_id: asked.client_id });
  expect(client.view().ai).toMatchObject({ saving: 'failed', objection: 'a name has 1 to 100 bytes' });
  client.ai.save({ ...(policy as Policy), mode: 'off' });
  const again = socket.took1('set_ai').client_id;
  socket.says({ type: 'ai', client_id: again, available: true, policy: { mode: 'off' }, figures: FIGURES });
  expect(client.view().ai).toMatchObject({ saving: 'saved', policy: { mode: 'off' } });
  // Who attends may have changed with it.
  socket.took1('get_conversation');

  client.ai.save(policy as Policy);
  socket.breaks();
  expect(client.view().ai).toMatchObject({ saving: 'failed', objection: null });
  client.ai.settle();
  expect(client.view().ai.saving).toBe('idle');
});

test('without a server that knows of it nothing is claimed', () => {
  const socket = begin();
  const { client_id } = socket.took1('ai');
  socket.says({ type: 'error', code: 'unknown_type', message: '', client_id });
  expect(client.view().ai).toMatchObject({ state: 'failed', available: false });
});
