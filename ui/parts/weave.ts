// Where lines about what happened stand among messages.

import type { Happening } from '../client/frames.ts';
import type { BubbleItem, EventItem } from './thread-items.ts';

/** In the order of the log; what is not stored yet comes last. */
export function weave(
  bubbles: readonly BubbleItem[],
  lines: readonly Happening[],
): readonly (BubbleItem | EventItem)[] {
  const items: (BubbleItem | EventItem)[] = [];
  let next = 0;
  for (const event of lines) {
    for (let bubble = bubbles[next]; bubble && placeOf(bubble) < event.seq; bubble = bubbles[next]) {
      items.push(bubble);
      next += 1;
    }
    items.push({ kind: 'event', key: `event-${event.seq}`, timestamp: event.timestamp, event });
  }
  return items.concat(bubbles.slice(next));
}

function placeOf(bubble: BubbleItem): number {
  return bubble.seq ?? Number.POSITIVE_INFINITY;
}
