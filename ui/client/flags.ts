// What of a conversation waits for review, as far as an agent has looked, and saying that it is reviewed.

import { isObject, number } from './decode.ts';
import type { Happening } from './frames.ts';
import { Told, type ToldView } from './told.ts';

/** Seqs of `flagged` events. */
export interface Flags {
  last: number;
  /** Up to this one they are reviewed. */
  reviewed: number;
}

export type ReviewRequest = { type: 'review'; email: string; up_to: number };

export type FlagsView = ToldView<Flags>;

export function readFlags(value: unknown): Flags | null {
  return isObject(value) ? { last: number(value.last) ?? 0, reviewed: number(value.reviewed) ?? 0 } : null;
}

/** Whether the `flagged` event of this seq waits. */
export function waits(flags: Flags | null, seq: number): boolean {
  return flags !== null && seq > flags.reviewed;
}

export class Flagged extends Told<Flags, ReviewRequest> {
  /** A live event of a conversation. */
  event(email: string, event: Happening): void {
    const { known } = this.view(email);
    if (event.kind === 'flagged') this.tell(email, { last: event.seq, reviewed: known?.reviewed ?? event.seq - 1 });
    if (event.kind !== 'reviewed' || known === null) return;
    const reviewed = Math.max(known.reviewed, number(event.up_to) ?? 0);
    this.tell(email, reviewed < known.last ? { ...known, reviewed } : null);
  }
}
