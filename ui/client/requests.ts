// Questions that the server answers, matched to their answers by `client_id`. A refusal that asks for patience is repeated; a break forgets them all, because what to ask then depends on where we stand then.

import { backoff } from './backoff.ts';
import type { Environment } from './environment.ts';
import type { ClientFrame, ErrorFrame, RequestFrame, ServerFrame } from './frames.ts';
import { Timer } from './timer.ts';

export type Answer = Extract<ServerFrame, { type: 'conversation' | 'list' | 'search' | 'ack' | 'ai' | 'word_lists' }>;

interface Handlers {
  answered(answer: Answer): void;
  /** Refused for good. */
  refused?(error: ErrorFrame): void;
}

interface Open extends Handlers {
  frame: RequestFrame;
  attempt: number;
  retry: Timer;
}

export function asksForPatience(code: string): boolean {
  return code === 'unavailable' || code === 'rate_limited';
}

export class Requests {
  #environment: Environment;
  #send: (frame: ClientFrame) => boolean;
  #open = new Map<string, Open>();

  constructor(environment: Environment, send: (frame: ClientFrame) => boolean) {
    this.#environment = environment;
    this.#send = send;
  }

  /** Sent at once or not at all: without a socket the question is dropped, which is said, and asked anew after `opened`. */
  ask(frame: RequestFrame, handlers: Handlers): boolean {
    const id = this.#environment.newId();
    if (!this.#send({ ...frame, client_id: id })) return false;
    this.#open.set(id, { ...handlers, frame, attempt: 0, retry: new Timer(this.#environment.clock) });
    return true;
  }

  /** True if the frame answered one of ours. */
  settle(frame: Answer | ErrorFrame): boolean {
    const id = frame.client_id;
    const open = id === undefined ? undefined : this.#open.get(id);
    if (id === undefined || open === undefined) return false;
    if (frame.type !== 'error') {
      this.#open.delete(id);
      open.answered(frame);
    } else if (asksForPatience(frame.code)) {
      const wait = (frame.retry_after_ms ?? 0) + backoff(open.attempt + 1, this.#environment.clock.random());
      open.attempt += 1;
      open.retry.set(wait, () => this.#send({ ...open.frame, client_id: id }));
    } else {
      this.#open.delete(id);
      open.refused?.(frame);
    }
    return true;
  }

  forget(): void {
    for (const open of this.#open.values()) open.retry.clear();
    this.#open.clear();
  }
}
