// One conversation on a connection, the same for a visitor and an agent: asks for its pages, joins the outbox to its
// timeline, keeps typing and read cursors. Which frames belong to it is decided by its owner.

import type { Ai, AiContext, AiView } from './ai.ts';
import type { Environment } from './environment.ts';
import {
  type ClientFrame,
  type ConversationRequest,
  type Cursors,
  type Happening,
  type Message,
  otherSide,
  type Page,
  type Person,
  type Side,
  sideOf,
} from './frames.ts';
import type { Outbox, Pending } from './outbox.ts';
import type { Requests } from './requests.ts';
import { Timeline } from './timeline.ts';
import { Typist } from './typist.ts';

const TYPING_REPEAT_MS = 3_000;
const TYPING_EXPIRY_MS = 5_000;
/** The server's largest page, for going far back. */
export const LARGE_PAGE = 200;
/** More are shown as 99+, so they need not be counted. */
const COUNTED = 100;
/** So many before the one that is sought, so that showing it does not ask for older ones at once. */
const SEEK_MARGIN = 100;

export interface ConversationView {
  state: 'loading' | 'ready' | 'refused';
  messages: readonly Message[];
  /** Null where nothing is known of one. */
  ai: AiView | null;
  pending: readonly Pending[];
  read: Cursors;
  hasOlder: boolean;
  older: 'idle' | 'loading' | 'failed';
  /** Who on the other side is typing, if anybody; `{}` when nothing is known but that. */
  typing: Person | null;
  /** Who on our own side is typing. */
  colleague: Person | null;
  /** The newest message of our side that came while we watched and was not written here. */
  otherReply: { seq: number; by: Person } | null;
  /** An older message is being looked for. */
  seeking: boolean;
  /** Messages of the other side that our side has not read; beyond 99, at least so many. */
  unread: number;
  /** When a message that the server asked us to hold back goes out. */
  heldUntil: number | null;
}

/** It may have to be loaded first. */
export type MakeAi = (context: AiContext) => Ai | Promise<Ai>;

export interface ConversationContext {
  environment: Environment;
  side: Side;
  /** The participant, for an agent; empty for a visitor. */
  email: string;
  send(frame: ClientFrame): boolean;
  requests: Requests;
  /** For what is asked of the AI, which outlives a look at another conversation. */
  commands: Requests;
  /** Makes what knows of the AI, at its first sign. */
  makeAi?: MakeAi | undefined;
  outbox: Outbox;
  changed(): void;
}

export class Conversation {
  readonly email: string;
  /** Known from the first page on. */
  #id: string | undefined;
  #context: ConversationContext;
  #ai: Ai | Promise<Ai> | null = null;
  #timeline = new Timeline();
  #refused = false;
  #older: ConversationView['older'] = 'idle';
  #typing: Typist;
  #colleague: Typist;
  #otherReply: ConversationView['otherReply'] = null;
  /** What we sent from here, by `client_id`. */
  #own = new Set<string>();
  /** The seq to go back to, and how far we have come. */
  #sought: { seq: number; from: number } | null = null;
  #typingSentAt = Number.NEGATIVE_INFINITY;
  /** The newest message that stood on the screen, and whether somebody is looking at it. */
  #shown = 0;
  #attended = false;
  #readSent = 0;
  #lastPending: readonly Pending[] = [];
  /** How far back we have asked for older ones to count the unread. */
  #countedFrom = Number.POSITIVE_INFINITY;

  constructor(context: ConversationContext) {
    this.#context = context;
    this.email = context.email;
    this.#typing = new Typist(context.environment.clock, TYPING_EXPIRY_MS, context.changed);
    this.#colleague = new Typist(context.environment.clock, TYPING_EXPIRY_MS, context.changed);
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** What can be asked of it, where there is one. */
  get ai(): Ai | null {
    return this.#ai instanceof Promise ? null : this.#ai;
  }

  view(): ConversationView {
    const { outbox } = this.#context;
    const { messages, read } = this.#timeline;
    return {
      state: this.#refused ? 'refused' : this.#timeline.loaded ? 'ready' : 'loading',
      messages,
      ai: this.ai?.view(this.#timeline.events, this.#answeredUpTo()) ?? null,
      pending: this.#pending(),
      read,
      hasOlder: this.#timeline.hasOlder,
      older: this.#older,
      typing: this.#typing.person,
      colleague: this.#colleague.person,
      otherReply: this.#otherReply,
      seeking: this.#sought !== null,
      unread: this.#unread(),
      heldUntil: outbox.heldUntil(this.email),
    };
  }

  /** The last of our side's messages; one that is on its way answers everything. */
  #answeredUpTo(): number {
    const leaving = this.#pending().some(({ failed }) => failed === null);
    return leaving ? Number.POSITIVE_INFINITY : this.#timeline.lastOf('admin');
  }

  #readUpTo(): number {
    return Math.max(this.#timeline.read[this.#context.side], this.#readSent);
  }

  #unread(): number {
    const upTo = this.#readUpTo();
    const { messages } = this.#timeline;
    let unread = 0;
    // From the end: what was read may be long, and this is asked for with every frame.
    for (let at = messages.length - 1; at >= 0; at -= 1) {
      const message = messages[at];
      if (!message || message.seq <= upTo) break;
      if (sideOf(message.sender_type) !== this.#context.side) unread += 1;
    }
    return unread;
  }

  #theirs(): Message[] {
    return this.#timeline.messages.filter(({ sender_type }) => sideOf(sender_type) !== this.#context.side);
  }

  /** The latest page may begin behind the first unread message; a visitor is told how many there are all the same. */
  #countUnread(): void {
    const { firstSeq, hasOlder, live } = this.#timeline;
    if (this.#context.side !== 'user' || !live || !hasOlder || this.#older === 'loading') return;
    // Between read ones, or none of theirs, nothing unread begins further back.
    const unread = this.#unread();
    if (unread === 0 || unread < this.#theirs().length || unread >= COUNTED) return;
    if (firstSeq <= this.#readUpTo() + 1 || firstSeq >= this.#countedFrom) return;
    this.#countedFrom = firstSeq;
    this.loadOlder(LARGE_PAGE);
  }

  /** The same array while nothing has changed, so that nobody draws 20,000 messages anew. */
  #pending(): readonly Pending[] {
    const now = this.#context.outbox.pending(this.email);
    const same = now.length === this.#lastPending.length && now.every((entry, n) => entry === this.#lastPending[n]);
    if (!same) this.#lastPending = now;
    return this.#lastPending;
  }

  /** Asks for what is missing; for an agent this is also what starts watching. */
  fetch(): void {
    if (this.#timeline.loaded) this.#askAfter(this.#timeline.cursor);
    else this.#ask({}, (page) => this.#take(() => this.#timeline.latest(page), page));
  }

  /** The page that the server sends unasked. */
  history(page: Page): void {
    this.#take(() => this.#timeline.latest(page), page);
  }

  suspend(): void {
    this.#timeline.suspend();
    this.#tellAi((ai) => ai.suspend(), false);
    this.#typing.stopped();
    this.#colleague.stopped();
    this.#older = this.#older === 'loading' ? 'idle' : this.#older;
    this.#typingSentAt = Number.NEGATIVE_INFINITY;
    this.#readSent = 0;
    this.#countedFrom = Number.POSITIVE_INFINITY;
  }

  /** Loads back to a message, page by page, if it is older than what is here. */
  seek(seq: number): void {
    this.#sought = { seq, from: Number.POSITIVE_INFINITY };
    this.#goBack();
  }

  #goBack(): void {
    const sought = this.#sought;
    const { firstSeq, hasOlder, loaded } = this.#timeline;
    if (sought === null || !loaded || this.#older === 'loading') return;
    // A page that does not advance would be asked for without end.
    if (sought.seq - SEEK_MARGIN < firstSeq && firstSeq < sought.from && hasOlder) {
      this.#sought = { ...sought, from: firstSeq };
      this.loadOlder(LARGE_PAGE);
    } else {
      this.#sought = null;
    }
  }

  loadOlder(limit?: number): void {
    if (!this.#timeline.hasOlder || this.#older === 'loading') return;
    this.#older = 'loading';
    const done = (state: ConversationView['older']) => {
      this.#older = state;
      if (state === 'failed') this.#sought = null;
      this.#goBack();
      if (state === 'idle') this.#countUnread();
      this.#context.changed();
    };
    this.#ask(
      { before: this.#timeline.firstSeq, limit },
      (page) => {
        this.#confirm(page.messages);
        if (!this.#timeline.older(page)) this.fetch();
        done('idle');
      },
      () => done('failed'),
    );
    this.#context.changed();
  }

  message(message: Message): void {
    this.#confirm([message]);
    this.#timeline.message(message);
    this.#tellAi((ai) => ai.message(message), ofAi(message));
    const ours = sideOf(message.sender_type) === this.#context.side;
    (ours ? this.#colleague : this.#typing).stopped();
    if (message.sender_type === this.#context.side && !this.#own.has(message.client_id ?? '')) {
      this.#otherReply = { seq: message.seq, by: message.sender ?? {} };
    }
    this.#context.changed();
  }

  event(event: Happening): void {
    this.#timeline.event(event);
    this.#tellAi((ai) => ai.event(event));
    this.#context.changed();
  }

  /** Words of an AI's answer. */
  draft(draft: unknown): void {
    this.#tellAi((ai) => ai.draft(draft));
  }

  acknowledged(pending: Pending, id: number, seq: number, timestamp: string): void {
    const { client_id, text } = pending;
    this.#own.add(client_id);
    const sender_type = this.#context.side;
    this.#timeline.acknowledged({ id, seq, timestamp, client_id, sender_type, content: text, email: this.email });
    this.#context.changed();
  }

  readBy(reader: Side, upTo: number | undefined): void {
    this.#timeline.readBy(reader, upTo);
    this.#context.changed();
  }

  say(text: string): void {
    const trimmed = wellFormed(text.trim());
    if (trimmed === '') return;
    // A message ends the typing at the receiver's; the next key starts it anew.
    this.#typingSentAt = Number.NEGATIVE_INFINITY;
    this.#context.outbox.add(this.email, trimmed);
  }

  /** Called for every change of the draft. */
  drafting(text: string): void {
    const now = this.#context.environment.clock.now();
    const since = now - this.#typingSentAt;
    if (text.trim() !== '' && since >= TYPING_REPEAT_MS) {
      this.#typingSentAt = now;
      this.#sendTyping(true);
    } else if (text.trim() === '' && since < TYPING_EXPIRY_MS) {
      this.#typingSentAt = Number.NEGATIVE_INFINITY;
      this.#sendTyping(false);
    }
  }

  typed(sender: Person, typing: boolean): void {
    const typist = sender.role === this.#context.side ? this.#colleague : this.#typing;
    if (typing) typist.started(sender);
    else typist.stopped();
    this.#context.changed();
  }

  /** `seq` is the newest message that stands on the screen; `attended`: the page is visible and focused. */
  shown(seq: number, attended: boolean): void {
    this.#shown = seq;
    this.#attended = attended;
    this.#markRead();
  }

  #markRead(): void {
    const { side, send } = this.#context;
    // Before the gap is closed, messages below the newest are not on the screen yet.
    if (!this.#attended || !this.#timeline.live) return;
    const seq = this.#timeline.lastOf(otherSide(side), this.#shown);
    if (seq <= this.#readUpTo()) return;
    if (!send({ type: 'read_messages', ...this.#address(), up_to: seq })) return;
    this.#readSent = seq;
    this.#context.changed();
  }

  #ask(
    range: Omit<ConversationRequest, 'type' | 'email'>,
    answered: (page: Page) => void,
    refused: () => void = () => {
      this.#refused = true;
      this.#context.changed();
    },
  ): void {
    this.#context.requests.ask(
      { type: 'get_conversation', ...this.#address(), ...range },
      { answered: (answer) => answer.type === 'conversation' && answered(answer), refused },
    );
  }

  #askAfter(seq: number): void {
    const { epoch } = this.#timeline;
    this.#ask({ after: seq, epoch }, (page) => this.#take(() => this.#timeline.newer(page), page));
  }

  #take(apply: () => number | null, page: Page): void {
    this.#refused = false;
    this.#id = page.conversation ?? this.#id;
    this.#confirm(page.messages);
    const goOn = apply();
    const sign = page.ai || page.events[0] || page.messages.some(ofAi);
    this.#tellAi((ai) => ai.page(page), Boolean(sign));
    if (goOn !== null) this.#askAfter(goOn);
    this.#goBack();
    this.#markRead();
    this.#countUnread();
    this.#context.changed();
  }

  /** Only our own side's messages carry our ids; what others put there proves nothing. */
  #confirm(messages: readonly Message[]): void {
    for (const { client_id, sender_type } of messages) {
      if (client_id === undefined || sender_type !== this.#context.side) continue;
      if (this.#context.outbox.confirm(client_id)) this.#own.add(client_id);
    }
  }

  /** `sign`: there is one, which is brought now if it has not been. A promise tells it in the order of what happened. */
  #tellAi(say: (ai: Ai) => void, sign = true): void {
    const { changed, makeAi } = this.#context;
    if (sign) this.#ai ??= makeAi?.({ ...this.#context, address: this.#address() }) ?? null;
    const ai = this.#ai;
    if (ai === null) return;
    if (ai instanceof Promise) {
      ai.then(
        (here) => {
          this.#ai = here;
          say(here);
          changed();
        },
        // The next sign tries again.
        () => {
          this.#ai = null;
        },
      );
    } else {
      say(ai);
    }
  }

  #sendTyping(typing: boolean): void {
    this.#context.send({ type: 'typing', ...this.#address(), typing });
  }

  #address(): { email?: string } {
    return this.email === '' ? {} : { email: this.email };
  }
}

function ofAi({ sender_type }: Message): boolean {
  return sender_type === 'ai';
}

/** Half a pair of surrogates cannot be said in JSON; the server would refuse the frame without knowing whose it was. */
function wellFormed(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
