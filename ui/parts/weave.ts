// Where lines about what happened stand among messages.

import type { Happening } from '../client/frames.ts';
import type { BubbleItem, EventItem } from './thread-items.ts';

/** In the order of the log, but for flags; what is not stored yet comes last. */
export function weave(
  bubbles: readonly BubbleItem[],
  lines: readonly Happening[],
): readonly (BubbleItem | EventItem)[] {
  const items: (BubbleItem | EventItem)[] = [];
  let next = 0;
  for (const event of [...lines].sort((one, other) => lineOf(one) - lineOf(other))) {
    const line = lineOf(event);
    for (let bubble = bubbles[next]; bubble && placeOf(bubble) < line; bubble = bubbles[next]) {
      items.push(bubble);
      next += 1;
    }
    items.push({ kind: 'event', key: `event-${event.seq}`, timestamp: event.timestamp, event });
  }
  return items.concat(bubbles.slice(next));
}

/** What was said of a message stands below it, however late it was said. */
function lineOf({ kind, seq, message }: Happening): number {
  return kind === 'flagged' && typeof message === 'number' ? message + 0.5 : seq;
}

function placeOf(bubble: BubbleItem): number {
  return bubble.seq ?? Number.POSITIVE_INFINITY;
}
