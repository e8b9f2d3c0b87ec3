// Who is banned, as far as an agent has looked, and what is asked about it.

import { isObject, text } from './decode.ts';
import type { Happening } from './frames.ts';
import type { Requests } from './requests.ts';

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

export interface BanView {
  ban: Ban | null;
  /** The code with which the last thing that was asked was refused. */
  refused: string | null;
}

export function readBan(value: unknown): Ban | null {
  return isObject(value) ? { reason: text(value.reason) ?? '', until: text(value.until) ?? null } : null;
}

const NOTHING: BanView = { ban: null, refused: null };

export class Bans {
  #commands: Requests;
  #changed: () => void;
  #known = new Map<string, BanView>();

  constructor(commands: Requests, changed: () => void) {
    this.#commands = commands;
    this.#changed = changed;
  }

  view(email: string): BanView {
    return this.#known.get(email) ?? NOTHING;
  }

  /** What a page said. */
  told(email: string, ban: Ban | null): void {
    this.#known.set(email, { ...this.view(email), ban });
  }

  /** A live event of a conversation. */
  event(email: string, event: Happening): void {
    // Told of a conversation that was moved here: it changes nothing.
    if (event.over === true) return;
    if (event.kind === 'banned') this.#known.set(email, { ban: readBan(event), refused: null });
    else if (event.kind === 'unbanned') this.#known.set(email, NOTHING);
  }

  ask(request: BanRequest): void {
    const { email } = request;
    const refused = (code: string) => {
      this.#known.set(email, { ...this.view(email), refused: code });
      this.#changed();
    };
    this.#known.set(email, { ...this.view(email), refused: null });
    const sent = this.#commands.ask(request, { answered: () => {}, refused: ({ code }) => refused(code) });
    if (sent) this.#changed();
    else refused('unavailable');
  }
}
