// Messages that were said but are not known to be stored yet. They leave in order, one at a time for each conversation,
// so that a refused one never lets a later one overtake it; each keeps its `client_id` for life, so that the server
// stores it once however often it is sent. What is drawn on the screen is decided elsewhere.

import { backoff } from './backoff.ts';
import type { Environment } from './environment.ts';
import type { ClientFrame, ErrorFrame } from './frames.ts';
import type { Kept, OutboxStore, Pending } from './outbox-store.ts';
import { asksForPatience } from './requests.ts';
import { Timer } from './timer.ts';

/** A frame over the server's hard limit would cost us the connection, again after every reconnect. */
const MAX_TEXT_BYTES = 64 * 1024;

export type { Pending } from './outbox-store.ts';

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
  #store: OutboxStore;
  #send: (frame: ClientFrame) => boolean;
  #changed: () => void;
  #entries: Pending[] = [];
  /** Shown here, sent by another tab. */
  #elsewhere: ReadonlySet<string> = new Set();
  /** What this tab knows to be done with: the store, or another tab, may still tell of it, for the first time even. */
  #done = new Set<string>();
  #lanes = new Map<string, Lane>();
  #open = false;
  /** What was kept before is here; nothing may leave ahead of it. */
  #restored = false;

  constructor(environment: Environment, key: string, send: (frame: ClientFrame) => boolean, changed: () => void) {
    this.#environment = environment;
    this.#send = send;
    this.#changed = changed;
    this.#store = environment.outbox();
    const kept = this.#store.open(key, (now) => this.#take(now));
    if (kept instanceof Promise) void kept.then((found) => this.#restore(found));
    else this.#restore(kept);
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
    this.take(entry);
    return entry;
  }

  /** What was said elsewhere, by the same person under another name: from here on it is sent from here. */
  take(entry: Pending): void {
    const { client_id } = entry;
    // Another tab, or what is kept, may have told of it before.
    if (this.#done.has(client_id) || this.#entries.some((other) => other.client_id === client_id)) return;
    this.#entries.push(entry);
    this.#keep(entry);
    this.#advance(entry.to);
  }

  /** Sends a failed one again, behind those that wait already. From here, whichever tab it failed in. */
  retry(client_id: string): void {
    const entry = this.#entries.find((candidate) => candidate.client_id === client_id);
    if (entry === undefined) return;
    // Under the old id the server holds another text; it would refuse this one for ever.
    const reused = entry.failed === 'client_id_reused';
    const again = { ...entry, client_id: reused ? this.#environment.newId() : client_id, failed: null };
    if (reused) this.#remove(client_id);
    this.#elsewhere = without(this.#elsewhere, client_id);
    this.#entries = [...this.#entries.filter((other) => other !== entry), again];
    this.#keep(again);
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
    this.#advanceAll();
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
  clear(): Promise<void> {
    this.pause();
    for (const { client_id } of this.#entries) this.#done.add(client_id);
    this.#entries = [];
    this.#changed();
    return this.#store.clear();
  }

  /** What is kept stays; another tab may send it from now on. */
  close(): void {
    this.pause();
    this.#store.close();
  }

  #restore({ entries, elsewhere }: Kept): void {
    const known = new Set(entries.map((entry) => entry.client_id));
    const before = entries.filter((entry) => !this.#done.has(entry.client_id));
    this.#entries = [...before, ...this.#entries.filter((entry) => !known.has(entry.client_id))];
    this.#elsewhere = elsewhere;
    this.#restored = true;
    this.#advanceAll();
    this.#changed();
  }

  /** Of what this tab sends it knows best itself; of the rest, the store does. */
  #take({ entries, elsewhere, gone }: Kept): void {
    const theirs = (id: string) => this.#elsewhere.has(id) || elsewhere.has(id) || gone.has(id);
    const ours = this.#entries.filter(({ client_id }) => !theirs(client_id));
    const known = new Set(ours.map((entry) => entry.client_id));
    const others = entries.filter(({ client_id }) => !known.has(client_id) && !this.#done.has(client_id));
    this.#entries = [...others, ...ours];
    this.#elsewhere = elsewhere;
    for (const lane of this.#lanes.values()) if (lane.inFlight && gone.has(lane.inFlight)) lane.inFlight = null;
    this.#advanceAll();
    this.#changed();
  }

  #advanceAll(): void {
    for (const to of new Set(this.#entries.map((entry) => entry.to))) this.#advance(to);
  }

  #advance(to: string): void {
    const lane = this.#lane(to);
    if (!this.#open || !this.#restored || lane.inFlight !== null || lane.retry.running) return;
    const ours = this.#entries.filter((entry) => entry.to === to && !this.#elsewhere.has(entry.client_id));
    const next = ours.find((entry) => entry.failed === null);
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

  #remove(client_id: string): Pending | undefined {
    this.#done.add(client_id);
    const entry = this.#entries.find((candidate) => candidate.client_id === client_id);
    if (entry === undefined) return undefined;
    this.#entries = this.#entries.filter((other) => other !== entry);
    const lane = this.#lane(entry.to);
    if (lane.inFlight === client_id) lane.inFlight = null;
    lane.attempt = 0;
    this.#store.remove(client_id);
    this.#changed();
    return entry;
  }

  #replace(entry: Pending): void {
    this.#entries = this.#entries.map((other) => (other.client_id === entry.client_id ? entry : other));
    this.#keep(entry);
  }

  #keep(entry: Pending): void {
    this.#store.keep(entry);
    this.#changed();
  }
}

function without(all: ReadonlySet<string>, one: string): ReadonlySet<string> {
  return new Set([...all].filter((other) => other !== one));
}
