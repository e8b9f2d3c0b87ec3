// An answer in the making: the words so far, put together from frames that say where they stand. It always comes to an
// end: by what ends it, or because nothing more is heard of it.

import type { DraftFrame } from './ai-frames.ts';
import type { Clock } from './environment.ts';
import { Timer } from './timer.ts';

/** Longer than an attempt may take by default. A longer one shows dots again with its next words. */
const SILENCE_MS = 75_000;
/** What is done is followed by its message, so that words do not vanish and come back. */
const FAREWELL_MS = 2_000;

export interface DraftView {
  inReplyTo: number;
  /** Empty while nothing can be shown but that somebody writes. */
  text: string;
  /** Nothing more comes. */
  done: boolean;
}

export class DraftBuffer {
  #changed: () => void;
  #silence: Timer;
  #now: DraftView | null = null;
  /** How many bytes of UTF-8 we have; NaN once some were missed. */
  #bytes = 0;
  /** Answers to messages up to this one are over. */
  #over = 0;

  constructor(clock: Clock, changed: () => void) {
    this.#changed = changed;
    this.#silence = new Timer(clock);
  }

  get view(): DraftView | null {
    return this.#now;
  }

  /** Somebody is at it; which words there are already is not known. */
  begun(inReplyTo: number): void {
    if (inReplyTo <= this.#over || this.#now?.inReplyTo === inReplyTo) return;
    this.#show(inReplyTo, '', Number.NaN);
  }

  take({ in_reply_to, at, text, done }: DraftFrame): void {
    if (in_reply_to <= this.#over) return;
    const now = this.#now?.inReplyTo === in_reply_to ? this.#now : null;
    if (done) {
      if (now === null) return;
      this.#now = { ...now, done: true };
      this.#silence.set(FAREWELL_MS, () => this.#expire());
    } else if (at === 0) {
      this.#show(in_reply_to, text, byteLength(text));
    } else if (now !== null && at <= this.#bytes) {
      const kept = at === this.#bytes ? now.text : firstBytes(now.text, at);
      this.#show(in_reply_to, kept + text, at + byteLength(text));
    } else {
      // No `at` but 0 fits any more.
      this.#show(in_reply_to, '', Number.NaN);
    }
  }

  /** Nothing more comes of it; `over`: nor of what answers messages up to this one. */
  end(over = 0): void {
    this.#over = Math.max(this.#over, over);
    this.#now = null;
    this.#silence.clear();
  }

  /** What was over may be answered after all. */
  allowAgain(): void {
    this.#over = 0;
  }

  #show(inReplyTo: number, text: string, bytes: number): void {
    this.#now = { inReplyTo, text, done: false };
    this.#bytes = bytes;
    this.#silence.set(SILENCE_MS, () => this.#expire());
  }

  #expire(): void {
    this.end();
    this.#changed();
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function firstBytes(text: string, bytes: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text).slice(0, bytes));
}
