import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Ai, type AiContext } from './ai.ts';
import { readSources } from './ai-frames.ts';
import type { MakeAi } from './conversation.ts';
import { message, messages, page, type ScriptedSocket, World } from './scripted.ts';
import { VisitorClient } from './visitor.ts';

let world: World;
let client: VisitorClient;

function arrive(makeAi: MakeAi): VisitorClient {
  return new VisitorClient({
    environment: world.environment,
    url: '',
    owner: 'ann@example.com',
    makeAi,
    changed: () => {},
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  client = arrive((context) => new Ai(context));
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

const AI = { attending: 'ai', answering: null, suggests: false };
const QUESTION = [message(1, 'user')];

function begin(history: Record<string, unknown> = page(QUESTION, { ai: AI })): ScriptedSocket {
  client.start();
  world.socket.open();
  world.socket.says({ type: 'history', ...history });
  world.socket.took();
  return world.socket;
}

const NONE = { lines: [], attending: null, draft: null, asking: null, trouble: false, verdicts: new Map() };
const ai = () => client.view().conversation.ai ?? NONE;
const act = () => client.conversation.ai as Ai;
const draft = (at: number, text: string, more = {}) => ({ type: 'draft', in_reply_to: 1, at, text, ...more });
const event = (seq: number, kind: string, more = {}) => ({
  type: 'event',
  event: { conversation: 'c', seq, kind, ...more },
});

describe('an answer in the making', () => {
  test('begins with dots and grows by what is appended, counted in bytes', () => {
    const socket = begin();
    expect(ai()).toMatchObject({ attending: 'ai', draft: null });
    socket.says(draft(0, ''));
    expect(ai().draft).toEqual({ inReplyTo: 1, text: '', done: false });
    socket.says(draft(0, 'Grüße '));
    socket.says(draft(8, '🙂 an'));
    socket.says(draft(15, ' alle'));
    expect(ai().draft?.text).toBe('Grüße 🙂 an alle');
  });

  test('what comes twice stands there once', () => {
    const socket = begin();
    socket.says(draft(0, 'One two'));
    socket.says(draft(4, 'two three'));
    expect(ai().draft?.text).toBe('One two three');
  });

  test('words that were missed make dots, until it begins anew', () => {
    const socket = begin();
    socket.says(draft(40, 'the end of it'));
    expect(ai().draft).toEqual({ inReplyTo: 1, text: '', done: false });
    socket.says(draft(53, 'and more'));
    expect(ai().draft?.text).toBe('');
    socket.says(draft(0, 'Anew'));
    expect(ai().draft?.text).toBe('Anew');
    socket.says(draft(9, 'far'));
    expect(ai().draft?.text).toBe('');
  });

  test('of another message replaces the one before', () => {
    const socket = begin();
    socket.says(draft(0, 'First'));
    socket.says(draft(0, 'Second', { in_reply_to: 2 }));
    expect(ai().draft).toMatchObject({ inReplyTo: 2, text: 'Second' });
    socket.says(draft(5, '!', { done: true }));
    expect(ai().draft?.done, 'the end of the first ends nothing').toBe(false);
  });

  test('stays until its message comes, and is over for good then', () => {
    const socket = begin();
    socket.says(draft(0, 'Hello'));
    socket.says(draft(0, '', { done: true }));
    expect(ai().draft).toEqual({ inReplyTo: 1, text: 'Hello', done: true });
    socket.says({ type: 'message', message: message(2, 'ai', { content: 'Hello.' }) });
    expect(ai().draft).toBeNull();
    socket.says(draft(0, 'late'));
    expect(ai().draft).toBeNull();
  });

  test('that comes to nothing goes', () => {
    const socket = begin();
    socket.says(draft(0, 'Hello'));
    socket.says(draft(0, '', { done: true }));
    vi.advanceTimersByTime(2_000);
    expect(ai().draft).toBeNull();
  });

  test.each([
    ['handoff', {}],
    ['taken_over', {}],
    ['stopped', { in_reply_to: 1 }],
  ])('ends with %s', (kind, more) => {
    const socket = begin();
    socket.says(draft(0, 'Hello'));
    socket.says(event(2, kind, more));
    expect(ai().draft).toBeNull();
  });

  test('ends with a break; if it goes on, dots say so and end by themselves', () => {
    const socket = begin();
    socket.says(draft(0, 'Hello'));
    socket.breaks();
    expect(ai().draft).toBeNull();
    while (world.sockets.length === 1) vi.advanceTimersToNextTimer();
    world.socket.open();
    world.socket.says({ type: 'history', ...page(QUESTION, { ai: { ...AI, answering: 1 } }) });
    expect(ai().draft).toEqual({ inReplyTo: 1, text: '', done: false });
    world.socket.says(draft(5, ' there'));
    expect(ai().draft?.text).toBe('');
    // Not a word comes any more, and nobody says that it is over.
    vi.advanceTimersByTime(75_000);
    expect(ai().draft).toBeNull();
  });

  test('a page that knows of no answer ends it', () => {
    const socket = begin();
    socket.says(draft(0, 'Hello'));
    socket.says({ type: 'history', ...page(messages(1, 2), { ai: AI }) });
    expect(ai().draft).toBeNull();
  });

  test('shows that an AI attends where none did', () => {
    const socket = begin(page(QUESTION));
    expect(ai().attending).toBeNull();
    socket.says(draft(0, ''));
    expect(ai().attending).toBe('ai');
  });

  test('stop is asked of the server, and without a connection it is said that it was not', () => {
    const socket = begin();
    socket.says(draft(0, 'Hello'));
    act().stop();
    const asked = socket.took1('stop');
    socket.says({ type: 'ack', client_id: asked.client_id });
    expect(ai().trouble).toBe(false);
    socket.breaks();
    act().stop();
    expect(ai().trouble).toBe(true);
  });
});

describe('a person', () => {
  test('is asked for until the server says that one comes', () => {
    let socket = begin();
    act().handOff();
    act().handOff();
    expect(ai()).toMatchObject({ attending: 'ai', asking: 'now' });
    socket.took1('handoff');
    socket = world.reconnect();
    socket.says({ type: 'history', ...page(QUESTION, { ai: AI }) });
    const { client_id } = socket.took1('handoff');
    socket.says({ type: 'ack', client_id, seq: 2 });
    expect(ai().attending).toBe('ai');
    socket.says(event(2, 'handoff', { reason: 'asked', actor: { role: 'user', id: 'ann' } }));
    expect(ai()).toMatchObject({ attending: 'agents', asking: null });
    expect(ai().lines).toMatchObject([{ seq: 2, kind: 'handoff', reason: 'asked' }]);
    expect(world.reconnect().took()).toEqual([]);
  });

  test('who comes already is not asked for again', () => {
    const socket = begin();
    act().handOff();
    const { client_id } = socket.took1('handoff');
    socket.says({ type: 'ack', client_id });
    expect(ai()).toMatchObject({ attending: 'agents', asking: null });
    act().handOff();
    expect(socket.took()).toEqual([]);
  });

  test('asked for before a word was said is asked for with the first', () => {
    const socket = begin(page([], { ai: AI }));
    act().handOff();
    const { client_id } = socket.took1('handoff');
    socket.says({ type: 'error', code: 'not_found', message: '', client_id });
    expect(ai()).toMatchObject({ asking: 'later', trouble: false });
    socket.says({ type: 'message', message: message(1, 'user') });
    socket.took1('handoff');
    expect(ai().asking).toBe('now');
  });

  test('a refusal is said, and it can be asked again', () => {
    const socket = begin();
    act().handOff();
    const { client_id } = socket.took1('handoff');
    socket.says({ type: 'error', code: 'forbidden', message: '', client_id });
    expect(ai()).toMatchObject({ asking: null, trouble: true });
    act().handOff();
    socket.took1('handoff');
    expect(ai()).toMatchObject({ asking: 'now', trouble: false });
  });

  test('who took over may hand back, and then the same question may be answered', () => {
    const socket = begin();
    socket.says(event(2, 'stopped', { in_reply_to: 1 }));
    socket.says(event(3, 'taken_over'));
    socket.says(draft(0, 'never'));
    expect(ai()).toMatchObject({ attending: 'agents', draft: null });
    socket.says(event(4, 'handed_back'));
    socket.says(draft(0, 'after all'));
    expect(ai()).toMatchObject({ attending: 'ai', draft: { text: 'after all' } });
  });

  test('what came live is newer than a page from before it, unless the page is of another life', () => {
    const socket = begin();
    socket.says(event(2, 'handoff', { reason: 'unknown' }));
    socket.says({ type: 'history', ...page(QUESTION, { ai: AI }) });
    expect(ai().attending).toBe('agents');
    socket.says({ type: 'history', ...page(QUESTION, { ai: AI, epoch: 'e2' }) });
    expect(ai().attending).toBe('ai');
  });
});

describe('verdicts', () => {
  test('stand at once, can be changed, and are told again after a break', () => {
    let socket = begin(page([...QUESTION, message(2, 'ai')], { ai: AI }));
    act().rate(2, true);
    expect(ai().verdicts.get(2)).toBe(true);
    expect(socket.took1('rate')).toMatchObject({ answer: 2, helpful: true });
    act().rate(2, false);
    expect(ai().verdicts.get(2)).toBe(false);
    socket = world.reconnect();
    socket.says({ type: 'history', ...page([...QUESTION, message(2, 'ai')], { ai: AI }) });
    const told = socket.took1('rate');
    expect(told).toMatchObject({ answer: 2, helpful: false });
    socket.says(event(3, 'rated', { answer: 2, helpful: false }));
    socket.says({ type: 'ack', client_id: told.client_id, seq: 3 });
    expect(ai().verdicts.get(2)).toBe(false);
    // Another tab thinks otherwise.
    socket.says(event(4, 'rated', { answer: 2, helpful: true }));
    expect(ai().verdicts.get(2)).toBe(true);
  });

  test('the last one of the log counts, in whatever order pages come', () => {
    begin(
      page([...QUESTION, message(2, 'ai')], {
        ai: AI,
        events: [
          { seq: 3, kind: 'rated', answer: 2, helpful: true },
          { seq: 4, kind: 'rated', answer: 2, helpful: false },
        ],
        last_seq: 4,
      }),
    );
    expect(ai().verdicts).toEqual(new Map([[2, false]]));
  });

  test('a refused one is taken back', () => {
    const socket = begin();
    act().rate(1, true);
    const { client_id } = socket.took1('rate');
    socket.says({ type: 'error', code: 'not_found', message: '', client_id });
    expect(ai()).toMatchObject({ verdicts: new Map(), trouble: true });
  });
});

test('a line tells of what everybody may know, and of nothing else', () => {
  const kinds = [
    'handoff',
    'rated',
    'taken_over',
    'suggestion',
    'personality_chosen',
    'handed_back',
    'stopped',
    'later',
  ];
  begin(page([], { events: kinds.map((kind, n) => ({ seq: n + 1, kind })), last_seq: 8 }));
  expect(ai().lines.map(({ kind }) => kind)).toEqual(['handoff', 'taken_over', 'handed_back', 'stopped']);
});

test('an answer names its sources; what is none is left out', () => {
  const sources = [{ title: 'Backups', url: '/docs' }, { url: 'https://x' }, { title: ' ' }, 7];
  begin(page([message(1, 'ai', { sources: sources as never })]));
  expect(readSources(client.view().conversation.messages[0]?.sources)).toEqual([
    { title: 'Backups', url: '/docs' },
    { title: 'https://x', url: 'https://x' },
  ]);
});

describe('what knows of the AI', () => {
  test('is brought with the first sign of one, and is told what happened meanwhile', async () => {
    let bring: ((ai: Ai) => void) | undefined;
    const asked: AiContext[] = [];
    client = arrive((context) => {
      asked.push(context);
      return new Promise((settle) => {
        bring = settle;
      });
    });
    const socket = begin(page(QUESTION));
    expect(asked).toHaveLength(0);
    socket.says(draft(0, 'Hel'));
    socket.says(draft(3, 'lo'));
    expect(client.view().conversation.ai).toBeNull();
    expect(asked).toHaveLength(1);
    bring?.(new Ai(asked[0] as AiContext));
    await vi.advanceTimersByTimeAsync(0);
    expect(ai()).toMatchObject({ attending: 'ai', draft: { text: 'Hello' } });
  });

  test('is asked for again if it could not be had', async () => {
    let failures = 1;
    client = arrive((context) => {
      failures -= 1;
      return failures < 0 ? new Ai(context) : Promise.reject(new Error('offline'));
    });
    const socket = begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(client.view().conversation.ai).toBeNull();
    socket.says(event(2, 'handoff', { reason: 'asked' }));
    expect(ai().attending).toBe('agents');
  });
});
