import { expect, test } from 'vitest';
import type { ConversationView } from '../client/conversation.ts';
import type { Message } from '../client/frames.ts';
import { message } from '../client/scripted.ts';
import { type BubbleItem, threadItems } from './thread-items.ts';

function view(messages: Message[], more: Partial<ConversationView> = {}): ConversationView {
  return {
    state: 'ready',
    messages,
    pending: [],
    read: { user: 0, admin: 0 },
    hasOlder: false,
    older: 'idle',
    typing: null,
    colleague: null,
    otherReply: null,
    seeking: false,
    unread: 0,
    heldUntil: null,
    ...more,
  };
}

const at = (time: string) => ({ timestamp: `2026-01-${time}.000000+00:00` });
const bubbles = (of: ConversationView) =>
  threadItems(of, 'user').filter((item): item is BubbleItem => item.kind === 'bubble');

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
  const shape = items.map((item) =>
    item.kind === 'day' ? 'day' : `${item.startsRun ? '[' : ''}${item.seq}${item.endsRun ? ']' : ''}`,
  );
  expect(shape).toEqual(['day', '[1', '2]', '[3]', '[4]', '[5]', 'day', '[6]']);
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
