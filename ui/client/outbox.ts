// Messages that were said but are not known to be stored yet. They leave in order, one at a time for each conversation,
// so that a refused one never lets a later one overtake it; each keeps its `client_id` for life, so that the server
// stores it once however often it is sent. What is drawn on the screen is decided elsewhere.

import { backoff } from './backoff.ts';
import { type Environment, readKey, writeKey } from './environment.ts';
import type { ClientFrame, ErrorFrame } from './frames.ts';
import { asksForPatience } from './requests.ts';
import { Timer } from './timer.ts';

/** A frame over the server's hard limit would cost us the connection, again after every reconnect. */
const MAX_TEXT_BYTES = 64 * 1024;

export interface Pending {
  client_id: string;
  /** The participant that an agent answers; empty for a visitor, who has one conversation. */
  to: string;
  text: string;
  timestamp: string;
  /** The code of the refusal, once it has been refused for good. */
  failed: string | null;
}

interface Lane {
  /** The message that waits for its `ack` on the present socket. */
  inFlight: string | null;
  attempt: number;
  retry: Timer;
  /** When `retry` fires, for the person who waits. */
  heldUntil: number | null;
}

export class Outbox {
  #environment: Environment;
  #key: string;
  #send: (frame: ClientFrame) => boolean;
  #changed: () => void;
  #entries: Pending[];
  #lanes = new Map<string, Lane>();
  #open = false;

  constructor(environment: Environment, key: string, send: (frame: ClientFrame) => boolean, changed: () => void) {
    this.#environment = environment;
    this.#key = key;
    this.#send = send;
    this.#changed = changed;
    this.#entries = restore(readKey(environment.storage, key));
  }

  pending(to: string): Pending[] {
    return this.#entries.filter((entry) => entry.to === to);
  }

  heldUntil(to: string): number | null {
    return this.#lanes.get(to)?.heldUntil ?? null;
  }

  add(to: string, text: string): Pending {
    const entry: Pending = {
      client_id: this.#environment.newId(),
      to,
      text,
      timestamp: new Date(this.#environment.clock.now()).toISOString(),
      failed: new TextEncoder().encode(text).length > MAX_TEXT_BYTES ? 'too_large' : null,
    };
    this.#entries.push(entry);
    this.#keep();
    this.#advance(to);
    return entry;
  }

  /** Sends a failed one again, behind those that wait already. */
  retry(client_id: string): void {
    const entry = this.#take(client_id);
    if (entry === undefined) return;
    // Under the old id the server holds another text; it would refuse this one for ever.
    const id = entry.failed === 'client_id_reused' ? this.#environment.newId() : client_id;
    this.#entries.push({ ...entry, client_id: id, failed: null });
    this.#keep();
    this.#advance(entry.to);
  }

  discard(client_id: string): void {
    const entry = this.#entries.find((candidate) => candidate.client_id === client_id);
    if (entry?.failed) this.#remove(client_id);
  }

  /** The message is stored, whoever told us: an `ack`, its own frame or a page. */
  confirm(client_id: string): Pending | undefined {
    const entry = this.#remove(client_id);
    if (entry !== undefined) this.#advance(entry.to);
    return entry;
  }

  /** True if the error was about one of ours. */
  refuse(error: ErrorFrame): boolean {
    const entry = this.#entries.find((candidate) => candidate.client_id === error.client_id);
    if (entry === undefined) return false;
    const lane = this.#lane(entry.to);
    if (lane.inFlight === entry.client_id) lane.inFlight = null;
    if (asksForPatience(error.code)) {
      lane.attempt += 1;
      const wait = (error.retry_after_ms ?? 0) + backoff(lane.attempt, this.#environment.clock.random());
      lane.heldUntil = this.#environment.clock.now() + wait;
      lane.retry.set(wait, () => {
        lane.heldUntil = null;
        this.#advance(entry.to);
        this.#changed();
      });
      this.#changed();
    } else {
      this.#replace({ ...entry, failed: error.code });
      this.#advance(entry.to);
    }
    return true;
  }

  /** There is a socket, and what it told us first has been taken in. */
  resume(): void {
    this.#open = true;
    for (const to of new Set(this.#entries.map((entry) => entry.to))) this.#advance(to);
  }

  pause(): void {
    this.#open = false;
    for (const lane of this.#lanes.values()) {
      lane.inFlight = null;
      lane.attempt = 0;
      lane.heldUntil = null;
      lane.retry.clear();
    }
  }

  /** Leaves nothing behind, for when another person takes over the page. */
  clear(): void {
    this.pause();
    this.#entries = [];
    this.#keep();
  }

  #advance(to: string): void {
    const lane = this.#lane(to);
    if (!this.#open || lane.inFlight !== null || lane.retry.running) return;
    const next = this.#entries.find((entry) => entry.to === to && entry.failed === null);
    if (next === undefined) return;
    const { client_id, text } = next;
    const frame: ClientFrame = to
      ? { type: 'message', to, message: text, client_id }
      : { type: 'message', message: text, client_id };
    if (this.#send(frame)) lane.inFlight = client_id;
  }

  #lane(to: string): Lane {
    let lane = this.#lanes.get(to);
    if (lane === undefined) {
      lane = { inFlight: null, attempt: 0, retry: new Timer(this.#environment.clock), heldUntil: null };
      this.#lanes.set(to, lane);
    }
    return lane;
  }

  #take(client_id: string): Pending | undefined {
    const entry = this.#entries.find((candidate) => candidate.client_id === client_id);
    if (entry !== undefined) this.#entries = this.#entries.filter((other) => other !== entry);
    return entry;
  }

  #remove(client_id: string): Pending | undefined {
    const entry = this.#take(client_id);
    if (entry === undefined) return undefined;
    const lane = this.#lane(entry.to);
    if (lane.inFlight === client_id) lane.inFlight = null;
    lane.attempt = 0;
    this.#keep();
    return entry;
  }

  #replace(entry: Pending): void {
    this.#entries = this.#entries.map((other) => (other.client_id === entry.client_id ? entry : other));
    this.#keep();
  }

  #keep(): void {
    const value = this.#entries.length > 0 ? JSON.stringify(this.#entries) : null;
    writeKey(this.#environment.storage, this.#key, value);
    this.#changed();
  }
}

function restore(stored: string | null): Pending[] {
  if (stored === null) return [];
  try {
    const value: unknown = JSON.parse(stored);
    return Array.isArray(value) ? value.filter(isPending) : [];
  } catch {
    return [];
  }
}

function isPending(value: unknown): value is Pending {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  return (
    ['client_id', 'to', 'text', 'timestamp'].every((field) => typeof entry[field] === 'string') &&
    (entry.failed === null || typeof entry.failed === 'string')
  );
}
