// Something that agents alone are told of conversations, as far as one has looked, and what he asks about it.

import type { RequestFrame } from './frames.ts';
import type { Requests } from './requests.ts';

export interface ToldView<T> {
  /** Null: nothing. */
  known: T | null;
  /** The code with which the last thing that was asked was refused. */
  refused: string | null;
}

export class Told<T, R extends RequestFrame & { email: string }> {
  #commands: Requests;
  #changed: () => void;
  #told = new Map<string, ToldView<T>>();

  constructor(commands: Requests, changed: () => void) {
    this.#commands = commands;
    this.#changed = changed;
  }

  view(email: string): ToldView<T> {
    return this.#told.get(email) ?? { known: null, refused: null };
  }

  /** What a page said. */
  told(email: string, known: T | null): void {
    this.#told.set(email, { ...this.view(email), known });
  }

  /** What an event said: whatever was refused before is past. */
  protected tell(email: string, known: T | null): void {
    this.#told.set(email, { known, refused: null });
  }

  ask(request: R): void {
    const { email } = request;
    const say = (refused: string | null) => {
      this.#told.set(email, { ...this.view(email), refused });
      this.#changed();
    };
    const sent = this.#commands.ask(request, { answered: () => {}, refused: ({ code }) => say(code) });
    say(sent ? null : 'unavailable');
  }
}
