// Where lines about what happened stand among messages.

import type { Happening } from '../client/frames.ts';
import type { BubbleItem, EventItem } from './thread-items.ts';

/** In the order of the log; what is not stored yet comes last. */
export function weave(
  bubbles: readonly BubbleItem[],
  lines: readonly Happening[],
): readonly (BubbleItem | EventItem)[] {
  const items: (BubbleItem | EventItem)[] = [...bubbles];
  for (const event of lines) {
    const item = { kind: 'event', key: `event-${event.seq}`, timestamp: event.timestamp, event } as const;
    const before = items.findLastIndex((other) => placeOf(other) < event.seq);
    items.splice(before + 1, 0, item);
  }
  return items;
}

function placeOf(item: BubbleItem | EventItem): number {
  return (item.kind === 'event' ? item.event.seq : item.seq) ?? Number.POSITIVE_INFINITY;
}
