// How tall a line of the conversation will be, before it has been drawn: the measures of `thread.css`. Whatever is guessed
// rightly need not be placed anew when it comes into sight, and with 20,000 lines placing anew is what takes the time.

import type { BubbleItem, ThreadItem } from '../parts/thread-items.ts';

const DAY_PX = 32;
/** A line about what happened, or the dots of an AI that has no words yet. */
const EVENT_PX = 50;
const TEXT_LINE_PX = 22;
const BUBBLE_PADDING_PX = 16;
const IN_RUN_PX = 2;
const BEFORE_RUN_PX = 12;
const NAME_PX = 18;
const META_PX = 19;
/** Of 15 px system fonts, on the average. */
const LETTER_PX = 7.1;
/** Inside of the bubble, from the width of the conversation: its own padding, a face, 82 % of the rest, the bubble's. */
const BESIDE_PX = 32;
const FACE_PX = 36;
const BUBBLE_SHARE = 0.82;
const INSIDE_PX = 24;

/** `width`: that of the conversation, in pixels. `self`: the name of who reads, if it is known. */
export function estimate(item: ThreadItem | { kind: 'draft' } | undefined, width: number, self: string | null): number {
  if (item === undefined || item.kind === 'day') return DAY_PX;
  if (item.kind !== 'bubble') return EVENT_PX;
  const line = (width - BESIDE_PX) * BUBBLE_SHARE;
  const inside = Math.min(line, width - BESIDE_PX - (item.mine ? 0 : FACE_PX)) - INSIDE_PX;
  const text = lines(item.text, Math.max(8, Math.floor(inside / LETTER_PX))) * TEXT_LINE_PX + BUBBLE_PADDING_PX;
  const above = item.startsRun ? BEFORE_RUN_PX + (named(item, self) ? NAME_PX : 0) : IN_RUN_PX;
  return above + text + (item.endsRun || item.delivery !== null || item.sender === 'ai' ? META_PX : 0);
}

function named(item: BubbleItem, self: string | null): boolean {
  return !item.mine || item.sender === 'ai' || (item.name !== null && item.name !== self);
}

/** Words move to the next line whole, as a browser does it. */
function lines(text: string, letters: number): number {
  if (text.length <= letters && !text.includes('\n')) return 1;
  let count = 0;
  for (const paragraph of text.split('\n')) {
    count += 1;
    let used = 0;
    for (const word of paragraph.split(' ')) {
      const length = word.length + (used > 0 ? 1 : 0);
      if (used > 0 && used + length > letters) {
        count += 1;
        used = 0;
      }
      count += Math.floor(Math.max(0, used + word.length - 1) / letters);
      used = (used === 0 ? word.length : used + length) % letters || letters;
    }
  }
  return count;
}
