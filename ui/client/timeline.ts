// What one conversation looks like so far, and up to where nothing is missing. Frames go in, the place to resume from
// comes out; no sockets, no timers.
//
// `cursor` is that place: everything up to it has been received. While `live`, each frame moves it. After a break it
// stands still until pages have closed the gap, however far ahead the newest messages are shown already. An `ack` never
// moves it: it may overtake the frames of messages before its own.

import { type Cursors, type Epoch, type Happening, type Message, type Page, type Side, sideOf } from './frames.ts';

export class Timeline {
  #messages: Message[] = [];
  #events: readonly Happening[] = [];
  #loaded = false;
  #live = false;
  #cursor = 0;
  /** The highest seq that a frame has shown, gap or no gap. */
  #highest = 0;
  #firstSeq = 1;
  #hasOlder = false;
  #epoch: Epoch = null;
  #read: Cursors = { user: 0, admin: 0 };

  /** Oldest first. Replaced, never changed in place. */
  get messages(): readonly Message[] {
    return this.#messages;
  }
  /** What else happened, oldest first. Replaced, never changed in place. */
  get events(): readonly Happening[] {
    return this.#events;
  }
  get loaded(): boolean {
    return this.#loaded;
  }
  /** Nothing is missing and every new frame follows the last. */
  get live(): boolean {
    return this.#live;
  }
  get cursor(): number {
    return this.#cursor;
  }
  get firstSeq(): number {
    return this.#firstSeq;
  }
  get hasOlder(): boolean {
    return this.#hasOlder;
  }
  get epoch(): Epoch {
    return this.#epoch;
  }
  get read(): Cursors {
    return this.#read;
  }

  /** The socket is gone, or this conversation is no longer watched. */
  suspend(): void {
    this.#live = false;
  }

  /** The latest page. Gives the seq to go on after if it does not join on to what we have. */
  latest(page: Page): number | null {
    const other = page.epoch !== this.#epoch || page.last_seq < this.#cursor;
    if (!this.#loaded || other) {
      this.#replace(page);
      return null;
    }
    this.#insert(page.messages);
    this.#happened(page.events);
    this.#readUpTo(page.read);
    if (page.first_seq <= this.#cursor + 1) {
      if (page.first_seq < this.#firstSeq) this.#extendTo(page);
      this.#catchUp(page.last_seq);
      return null;
    }
    this.#highest = Math.max(this.#highest, page.last_seq);
    return this.#cursor;
  }

  /** The answer to `after`. Gives the seq to go on after if there is more. */
  newer(page: Page): number | null {
    if (page.recovered === false) {
      this.#replace(page);
      return null;
    }
    const before = this.#cursor;
    this.#insert(page.messages);
    this.#happened(page.events);
    this.#readUpTo(page.read);
    // From null, when the conversation came into being while we watched.
    this.#epoch = page.epoch;
    this.#cursor = Math.max(before, page.last_seq);
    // A page that does not advance would be asked for without end.
    if (page.has_more && this.#cursor > before) return this.#cursor;
    this.#catchUp(page.last_seq);
    return null;
  }

  /** The answer to `before`. False if it is from another life of the conversation. */
  older(page: Page): boolean {
    if (page.epoch !== this.#epoch) return false;
    this.#insert(page.messages);
    this.#happened(page.events);
    this.#extendTo(page);
    return true;
  }

  message(message: Message): void {
    this.#insert([message]);
    this.seen(message.seq);
  }

  event(event: Happening): void {
    this.#happened([event]);
    this.seen(event.seq);
  }

  /** A frame with this seq came by. */
  seen(seq: number): void {
    this.#highest = Math.max(this.#highest, seq);
    if (this.#live) this.#cursor = Math.max(this.#cursor, seq);
  }

  /** Our own message is stored; its frame may be yet to come, or never come if we do not watch. */
  acknowledged(message: Message): void {
    // One that was stored long ago belongs into a page that is not here yet; alone it would stand before a gap.
    if (this.#loaded && this.#hasOlder && message.seq < this.#firstSeq) return;
    this.#insert([message]);
  }

  readBy(reader: Side, upTo: number | undefined): void {
    const seq = upTo ?? this.#messages.at(-1)?.seq ?? 0;
    this.#readUpTo({ ...this.#read, [reader]: seq });
  }

  /** The newest message of `side`, up to `limit`, or 0. */
  lastOf(side: Side, limit = Number.POSITIVE_INFINITY): number {
    for (let i = this.#messages.length - 1; i >= 0; i -= 1) {
      const message = this.#messages[i];
      if (message && message.seq <= limit && sideOf(message.sender_type) === side) return message.seq;
    }
    return 0;
  }

  #replace(page: Page): void {
    // Before the first page, live frames may have come early; they follow it.
    const early = this.#loaded ? [] : this.#messages.filter((message) => message.seq > page.last_seq);
    const ahead = this.#loaded ? 0 : this.#highest;
    this.#messages = [];
    this.#events = this.#loaded ? [] : this.#events.filter(({ seq }) => seq > page.last_seq);
    this.#happened(page.events);
    this.#insert(page.messages);
    this.#insert(early);
    this.#loaded = true;
    this.#epoch = page.epoch;
    this.#read = { ...page.read };
    this.#highest = ahead;
    this.#cursor = 0;
    this.#extendTo(page);
    this.#catchUp(page.last_seq);
  }

  #extendTo(page: Page): void {
    this.#firstSeq = page.first_seq;
    this.#hasOlder = page.has_more;
  }

  #catchUp(lastSeq: number): void {
    this.#cursor = Math.max(this.#cursor, lastSeq, this.#highest);
    this.#live = true;
  }

  #readUpTo(read: Cursors): void {
    const user = Math.max(this.#read.user, read.user);
    const admin = Math.max(this.#read.admin, read.admin);
    this.#read = { user, admin };
  }

  #happened(events: readonly Happening[]): void {
    if (events.length === 0) return;
    const bySeq = new Map([...this.#events, ...events].map((event) => [event.seq, event]));
    this.#events = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  #insert(messages: readonly Message[]): void {
    if (messages.length === 0) return;
    // Pages and live frames mostly join on at one end. To sort everything anew for each would make loading 20,000
    // messages quadratic.
    const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0];
    if (last < (this.#messages[0]?.seq ?? 0) && ascending(messages)) {
      this.#messages = [...messages, ...this.#messages];
      return;
    }
    if (first > (this.#messages.at(-1)?.seq ?? 0) && ascending(messages)) {
      this.#messages = [...this.#messages, ...messages];
      return;
    }
    const bySeq = new Map(this.#messages.map((message) => [message.seq, message]));
    for (const message of messages) {
      const known = bySeq.get(message.seq);
      bySeq.set(message.seq, { ...message, client_id: message.client_id ?? known?.client_id });
    }
    this.#messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }
}

function ascending(messages: readonly Message[]): boolean {
  return messages.every(({ seq }, index) => index === 0 || seq > (messages[index - 1]?.seq ?? 0));
}
