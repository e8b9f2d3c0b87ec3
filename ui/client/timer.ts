// A timer that holds at most one pending call. Setting it again replaces that call.

import type { Clock } from './environment.ts';

export class Timer {
  #clock: Clock;
  #pending: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get running(): boolean {
    return this.#pending !== null;
  }

  set(ms: number, run: () => void): void {
    this.clear();
    this.#pending = this.#clock.setTimeout(() => {
      this.#pending = null;
      run();
    }, ms);
  }

  clear(): void {
    if (this.#pending !== null) this.#clock.clearTimeout(this.#pending);
    this.#pending = null;
  }
}
