// Who is banned, as far as an agent has looked, and what is asked about it.

import { isObject, text } from './decode.ts';
import type { Happening } from './frames.ts';
import { Told, type ToldView } from './told.ts';

/** That a visitor may not come. Told to agents alone. */
export interface Ban {
  reason: string;
  /** Null: until it is lifted. */
  until: string | null;
}

/** `seconds` left out: until it is lifted; `address`: nobody may come from where he comes from, either. */
export type BanRequest =
  | { type: 'ban'; email: string; reason: string; seconds?: number; address: boolean }
  | { type: 'lift_ban'; email: string };

export type BanView = ToldView<Ban>;

export function readBan(value: unknown): Ban | null {
  return isObject(value) ? { reason: text(value.reason) ?? '', until: text(value.until) ?? null } : null;
}

export class Bans extends Told<Ban, BanRequest> {
  /** A live event of a conversation. */
  event(email: string, event: Happening): void {
    // Told of a conversation that was moved here: it changes nothing.
    if (event.over === true) return;
    if (event.kind === 'banned') this.tell(email, readBan(event));
    else if (event.kind === 'unbanned') this.tell(email, null);
  }
}
