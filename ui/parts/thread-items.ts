// From a conversation to the lines on the screen: day separators, runs of one sender, ticks. It draws nothing.

import type { ConversationView } from '../client/conversation.ts';
import { type Happening, type Message, otherSide, type SenderType, type Side, sideOf } from '../client/frames.ts';
import { aiParts } from './ai-parts.ts';
import { dayKey, instant } from './time.ts';

/** Longer pauses start a new run. */
const RUN_MS = 2 * 60_000;

export type Delivery = 'sending' | 'sent' | 'seen' | 'failed';

export interface BubbleItem {
  kind: 'bubble';
  key: string;
  mine: boolean;
  sender: SenderType;
  name: string | null;
  text: string;
  timestamp: string;
  /** Absent until the server has given it a place. */
  seq: number | null;
  clientId: string | null;
  startsRun: boolean;
  endsRun: boolean;
  /** On the last own message, and on each failed one. */
  delivery: Delivery | null;
  failure: string | null;
  /** What an AI's answer leans on. */
  sources?: unknown;
}

/** A line about something that happened. */
export interface EventItem {
  kind: 'event';
  key: string;
  timestamp: string;
  event: Happening;
}

export type ThreadItem = BubbleItem | EventItem | { kind: 'day'; key: string; timestamp: string };

export type Shown = Pick<ConversationView, 'messages' | 'pending' | 'read' | 'hasOlder'> & {
  /** What happened between the messages. */
  lines?: readonly Happening[] | undefined;
};

export function threadItems(view: Shown, side: Side): ThreadItem[] {
  const bubbles = [...stored(view.messages, side), ...waiting(view, side)];
  const items: ThreadItem[] = [];
  let day = '';
  let previous: BubbleItem | null = null;
  const lines: readonly (BubbleItem | EventItem)[] =
    (view.lines && aiParts.peek()?.weave(bubbles, view.lines)) ?? bubbles;
  for (const line of lines) {
    const itsDay = moment(line.timestamp).day;
    if (itsDay !== day) {
      // Where older ones are still to come, nobody knows yet whether the day begins here.
      const begins = day !== '' || !view.hasOlder;
      if (begins) items.push({ kind: 'day', key: `day-${itsDay}-${line.key}`, timestamp: line.timestamp });
      day = itsDay;
      previous = null;
    }
    const bubble = line.kind === 'bubble' ? line : null;
    if (previous !== null && bubble !== null && sameRun(previous, bubble)) {
      previous.endsRun = false;
      bubble.startsRun = false;
    }
    items.push(line);
    previous = bubble;
  }
  tick(bubbles, view.read[otherSide(side)]);
  return items;
}

/** As many as anybody wants to know. */
export function capped(count: number): string {
  return count > 99 ? '99+' : `${count}`;
}

/** How many of the other side's messages follow the one with this key. */
export function cameAfter(items: readonly (ThreadItem | { kind: 'draft'; key: string })[], key: string): number {
  let came = 0;
  for (let i = items.length - 1; i >= 0; i -= 1) {
    const item = items[i];
    if (item?.key === key) break;
    if (item?.kind === 'bubble' && !item.mine) came += 1;
  }
  return came;
}

/** Reading a time is slow for what is done with each of 20,000 messages when one more comes. */
const moments = new Map<string, { day: string; ms: number }>();
const MANY_MOMENTS = 50_000;

function moment(timestamp: string): { day: string; ms: number } {
  const known = moments.get(timestamp);
  if (known !== undefined) return known;
  if (moments.size >= MANY_MOMENTS) moments.clear();
  const date = instant(timestamp);
  const read = { day: dayKey(date), ms: date.getTime() };
  moments.set(timestamp, read);
  return read;
}

/** The same before and after the `ack`, so that the bubble on the screen stays the same element. */
function keyOf(sender: SenderType, clientId: string | undefined, seq: number): string {
  return clientId === undefined ? `seq-${seq}` : `${sender}-${clientId}`;
}

function stored(messages: readonly Message[], side: Side): BubbleItem[] {
  return messages.map((message) => ({
    kind: 'bubble',
    key: keyOf(message.sender_type, message.client_id, message.seq),
    mine: sideOf(message.sender_type) === side,
    sender: message.sender_type,
    name: message.sender?.name ?? null,
    text: message.content,
    timestamp: message.timestamp,
    seq: message.seq,
    clientId: message.client_id ?? null,
    startsRun: true,
    endsRun: true,
    delivery: null,
    failure: null,
    sources: message.sources,
  }));
}

function waiting(view: Shown, side: Side): BubbleItem[] {
  return view.pending.map((pending) => ({
    kind: 'bubble',
    key: keyOf(side, pending.client_id, 0),
    mine: true,
    sender: side,
    name: null,
    text: pending.text,
    timestamp: pending.timestamp,
    seq: null,
    clientId: pending.client_id,
    startsRun: true,
    endsRun: true,
    delivery: pending.failed === null ? null : 'failed',
    failure: pending.failed,
    sources: null,
  }));
}

function sameRun(before: BubbleItem, after: BubbleItem): boolean {
  if (before.sender !== after.sender) return false;
  if (before.name !== null && after.name !== null && before.name !== after.name) return false;
  const apart = moment(after.timestamp).ms - moment(before.timestamp).ms;
  return Math.abs(apart) <= RUN_MS;
}

function tick(bubbles: BubbleItem[], seenUpTo: number): void {
  const last = bubbles.findLast((bubble) => bubble.mine && bubble.delivery !== 'failed' && bubble.sender !== 'ai');
  if (last === undefined) return;
  if (last.seq === null) last.delivery = 'sending';
  else last.delivery = last.seq <= seenUpTo ? 'seen' : 'sent';
}
