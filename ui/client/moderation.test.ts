import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentClient } from './agent.ts';
import { waits } from './flags.ts';
import { opened, type ScriptedSocket, World } from './scripted.ts';

const ANN = 'ann@example.com';

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
function begin(flags?: object): ScriptedSocket {
  return opened(world, client, ANN, { flags });
}

const known = () => client.view().open?.flags.known;
const event = (seq: number, kind: string, more = {}) => ({
  type: 'event',
  event: { conversation: 'c', seq, kind, actor: {}, ...more },
});

test('a page tells what waits for review, and events change it', () => {
  const socket = begin({ last: 4, reviewed: 2 });
  expect(known()).toEqual({ last: 4, reviewed: 2 });
  expect([2, 4].map((seq) => waits(known() ?? null, seq))).toEqual([false, true]);
  socket.says(event(6, 'flagged', { message: 5, reason: 'listed', words: ['lawyer'] }));
  expect(known()).toEqual({ last: 6, reviewed: 2 });
  socket.says(event(7, 'reviewed', { up_to: 4 }));
  expect(known()).toEqual({ last: 6, reviewed: 4 });
  socket.says(event(8, 'reviewed', { up_to: 6 }));
  expect(known()).toBe(null);
  // What was flagged before is reviewed, as far as anybody has said.
  socket.says(event(10, 'flagged', { message: 9, reason: 'moderator', detail: 'rude' }));
  expect([6, 10].map((seq) => waits(known() ?? null, seq))).toEqual([false, true]);
  const lines = client.view().open?.conversation.ai?.lines.map(({ kind }) => kind);
  expect(lines).toEqual(['flagged', 'reviewed', 'reviewed', 'flagged']);
});

test('a review goes out, and a refusal is told', () => {
  const socket = begin({ last: 4, reviewed: 0 });
  client.flagged.ask({ type: 'review', email: ANN, up_to: 4 });
  const asked = socket.took1('review');
  expect(asked).toMatchObject({ email: ANN, up_to: 4 });
  socket.says({ type: 'error', code: 'forbidden', message: '', client_id: asked.client_id });
  expect(client.view().open?.flags).toEqual({ known: { last: 4, reviewed: 0 }, refused: 'forbidden' });
});

test('word lists are asked for and set, and what is wrong with them is told', () => {
  const socket = begin();
  expect(client.view().wordLists.value).toBe(null);
  client.wordLists.fetch();
  const lists = { refuse: ['spam'], mask: [], flag: [] };
  socket.says({ type: 'word_lists', client_id: socket.took1('word_lists').client_id, lists: { refuse: ['spam', 7] } });
  expect(client.view().wordLists).toMatchObject({ state: 'ready', value: lists });
  client.wordLists.save({ ...lists, flag: ['lawyer'] });
  expect(client.view().wordLists.saving).toBe('saving');
  const { client_id } = socket.took1('set_word_lists');
  socket.says({ type: 'error', code: 'bad_request', message: 'too many', client_id });
  expect(client.view().wordLists).toMatchObject({ value: lists, saving: 'failed', objection: 'too many' });
  client.wordLists.save({ ...lists, flag: ['lawyer'] });
  const again = socket.took1('set_word_lists');
  expect(again).toMatchObject({ lists: { ...lists, flag: ['lawyer'] } });
  socket.says({ type: 'word_lists', client_id: again.client_id, lists: { ...lists, flag: ['lawyer'] } });
  expect(client.view().wordLists).toMatchObject({ value: { flag: ['lawyer'] }, saving: 'saved', objection: null });
});

test('the inbox asks for what is flagged, and a row says that it is', () => {
  client.start();
  world.socket.open();
  client.inbox.show('flagged');
  const asked = world.socket.took().findLast(({ type }) => type === 'list');
  expect(asked).toMatchObject({ filter: { flagged: true } });
  const row = { email: ANN, conversation: 'c', unread: 1, active_at: '', last_seq: 2, flagged: true };
  world.socket.says({ type: 'list', client_id: asked?.client_id, rows: [row], cursor: null });
  expect(client.view().inbox.rows.map(({ flagged }) => flagged)).toEqual([true]);
});
