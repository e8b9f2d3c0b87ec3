// Somebody who types, until he stops or nothing more is heard of him.

import type { Clock } from './environment.ts';
import type { Person } from './frames.ts';
import { Timer } from './timer.ts';

export class Typist {
  /** `{}` when nothing is known but that somebody types. */
  person: Person | null = null;
  #expiry: Timer;
  #afterMs: number;
  #changed: () => void;

  constructor(clock: Clock, afterMs: number, changed: () => void) {
    this.#expiry = new Timer(clock);
    this.#afterMs = afterMs;
    this.#changed = changed;
  }

  started(person: Person): void {
    this.person = person;
    this.#expiry.set(this.#afterMs, () => {
      this.person = null;
      this.#changed();
    });
  }

  stopped(): void {
    this.person = null;
    this.#expiry.clear();
  }
}
