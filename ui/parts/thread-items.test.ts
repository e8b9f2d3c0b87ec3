import { expect, test } from 'vitest';
import type { Message } from '../client/frames.ts';
import { message } from '../client/scripted.ts';
import { type AiParts, aiParts } from './ai-parts.ts';
import { type BubbleItem, type Shown, type ThreadItem, threadItems } from './thread-items.ts';
import { weave } from './weave.ts';

function view(messages: Message[], more: Partial<Shown> = {}): Shown {
  return {
    messages,
    pending: [],
    read: { user: 0, admin: 0 },
    hasOlder: false,
    ...more,
  };
}

const at = (time: string) => ({ timestamp: `2026-01-${time}.000000+00:00` });
const bubbles = (of: Shown) => threadItems(of, 'user').filter((item): item is BubbleItem => item.kind === 'bubble');

/** Brackets are the ends of runs. */
function shape(items: readonly ThreadItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'day') return 'day';
    if (item.kind === 'event') return item.event.kind;
    return `${item.startsRun ? '[' : ''}${item.seq ?? 'new'}${item.endsRun ? ']' : ''}`;
  });
}

const event = (seq: number, kind: string, time: string) => ({ seq, kind, actor: {}, ...at(time) });

test('what happened stands where it happened, and parts runs', () => {
  aiParts.value = { weave } as AiParts;
  const of = view([message(1, 'user', at('10T12:00:00')), message(4, 'user', at('10T12:00:30'))], {
    lines: [
      event(2, 'handoff', '10T12:00:10'),
      event(3, 'stopped', '10T12:00:20'),
      event(6, 'taken_over', '11T12:00:00'),
    ],
    pending: [{ client_id: 'a', to: '', text: 'new', timestamp: '2026-01-11T12:01:00.000000+00:00', failed: null }],
  });
  expect(shape(threadItems(of, 'user'))).toEqual([
    'day',
    '[1]',
    'handoff',
    'stopped',
    '[4]',
    'day',
    'taken_over',
    '[new]',
  ]);
});

test('a flag stands below its message, however late it came', () => {
  aiParts.value = { weave } as AiParts;
  const of = view([message(1, 'user', at('10T12:00:00')), message(3, 'user', at('10T12:00:30'))], {
    lines: [event(2, 'handoff', '10T12:00:10'), { ...event(4, 'flagged', '10T12:01:00'), message: 1 }],
  });
  expect(shape(threadItems(of, 'user'))).toEqual(['day', '[1]', 'flagged', 'handoff', '[3]']);
});

test('runs end with the sender, the day or a pause', () => {
  const items = threadItems(
    view([
      message(1, 'user', at('10T12:00:00')),
      message(2, 'user', at('10T12:01:00')),
      message(3, 'admin', at('10T12:01:30')),
      message(4, 'ai', at('10T12:01:40')),
      message(5, 'ai', at('10T12:09:00')),
      message(6, 'ai', at('13T12:09:00')),
    ]),
    'user',
  );
  expect(shape(items)).toEqual(['day', '[1', '2]', '[3]', '[4]', '[5]', 'day', '[6]']);
});

test('ticks stand on the last own message only', () => {
  const messages = [message(1, 'user'), message(2, 'user'), message(3, 'admin')];
  const ticks = (admin: number) =>
    bubbles(view(messages, { read: { user: 0, admin } })).map(({ delivery }) => delivery);
  expect(ticks(1)).toEqual([null, 'sent', null]);
  expect(ticks(2)).toEqual([null, 'seen', null]);
});

test('what waits comes last; failed ones say so besides', () => {
  const pending = (client_id: string, failed: string | null) => ({
    client_id,
    to: '',
    text: client_id,
    failed,
    ...at('31T09:31:00'),
  });
  const items = bubbles(view([message(1, 'user')], { pending: [pending('a', 'forbidden'), pending('b', null)] }));
  expect(items.map(({ text, delivery }) => [text, delivery])).toEqual([
    ['text 1', null],
    ['a', 'failed'],
    ['b', 'sending'],
  ]);
});

test('a message keeps its key when it is stored', () => {
  const waiting = view([], { pending: [{ client_id: 'a', to: '', text: 'hi', failed: null, ...at('31T09:31:00') }] });
  const stored = view([message(4, 'user', { client_id: 'a' })]);
  expect(bubbles(waiting)[0]?.key).toBe(bubbles(stored)[0]?.key);
});
