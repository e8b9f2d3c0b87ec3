// The visitor's client: one connection, one conversation. The server sends its latest page first on every connect.

import { Connection, type ConnectionState } from './connection.ts';
import { Conversation, type ConversationView, type MakeAi } from './conversation.ts';
import type { Environment } from './environment.ts';
import type { ClientFrame, ServerFrame } from './frames.ts';
import { Outbox } from './outbox.ts';
import { Requests } from './requests.ts';
import { Timer } from './timer.ts';

/** How the names of visitors' outboxes begin. */
export const OUTBOXES = 'user ';
/** Who has been told nothing for so long may, by his cookies, be nobody any more, or an agent. */
const TOLD_MS = 5_000;

export interface VisitorView {
  connection: ConnectionState;
  conversation: ConversationView;
  /** The server takes us for somebody else, to whom nothing of this may be shown. */
  stranger: boolean;
}

export interface VisitorOptions {
  environment: Environment;
  url: string;
  /** Names the outbox, so that one person never sends what another wrote. */
  owner: string;
  /** Whose conversation it must be, where the address does not say it. */
  email?: string | undefined;
  /** Shown to the server first of all, where there are no cookies that it could know him by. */
  token?: string | undefined;
  /** The token of the anonymous visitor that he was, if he still has one: what that one said becomes his. */
  visitor?(): string | undefined;
  /** It has, or cannot: that token is of no more use. */
  taken?(): void;
  /** Brings what knows of an AI; without it none is seen. */
  makeAi?: MakeAi | undefined;
  /** The identity has ended or is not believed: a fresh token is needed. */
  expired?(): void;
  /** It is somebody else's, or nobody says whose. We come back, in case that was for a moment. */
  other?(): void;
  changed(): void;
}

/** Close codes `expired`, `moved` and `unauthenticated`. */
const WHO_ARE_YOU: readonly number[] = [4401, 4410, 4501];

export class VisitorClient {
  readonly conversation: Conversation;
  readonly outbox: Outbox;
  #connection: Connection;
  #requests: Requests;
  #email: string | undefined;
  #token: string | undefined;
  #other: () => void;
  /** The server has said on this socket that it is he. */
  #met = false;
  #stranger = false;
  #untold: Timer;

  constructor(options: VisitorOptions) {
    const { environment, url, owner, email, token, visitor, taken = () => {}, makeAi, expired, changed } = options;
    this.#email = email;
    this.#token = token;
    this.#other = options.other ?? (() => {});
    this.#untold = new Timer(environment.clock);
    this.#connection = new Connection(environment, url, {
      opened: () => {
        if (this.#token === undefined) this.#untold.set(TOLD_MS, this.#other);
        const frame = { type: 'auth', token: this.#token, visitor: visitor?.() } as const;
        if (frame.visitor) this.#requests.ask(frame, { answered: taken, refused: taken });
        else if (frame.token) this.#connection.send(frame);
      },
      lost: (code) => {
        this.#lost();
        if (WHO_ARE_YOU.includes(code)) expired?.();
      },
      frame: (frame) => this.#receive(frame),
      changed,
    });
    // The history says who is here and what is stored already; everything else waits for it.
    const send = (frame: ClientFrame) => (this.#met || frame.type === 'auth') && this.#connection.send(frame);
    this.#requests = new Requests(environment, send);
    this.outbox = new Outbox(environment, `${OUTBOXES}${owner}`, send, changed);
    const { outbox } = this;
    const requests = this.#requests;
    const here = { side: 'user', email: '', makeAi } as const;
    this.conversation = new Conversation({ environment, ...here, send, requests, commands: requests, outbox, changed });
  }

  view(): VisitorView {
    return {
      connection: this.#connection.state,
      conversation: this.conversation.view(),
      stranger: this.#stranger,
    };
  }

  start(): void {
    this.#connection.start();
  }

  stop(): void {
    this.#connection.stop();
    this.#lost();
    this.outbox.close();
  }

  /** A fresh token of the same visitor: shown at once, and on every socket from now on. */
  renew(token: string): void {
    this.#token = token;
    if (this.#connection.state.kind === 'stopped') this.#connection.start();
    else this.#connection.send({ type: 'auth', token });
  }

  wake(): void {
    this.#connection.wake();
  }

  #lost(): void {
    this.#met = false;
    this.#untold.clear();
    this.outbox.pause();
    this.#requests.forget();
    this.conversation.suspend();
  }

  #receive(frame: ServerFrame): void {
    const { conversation, outbox } = this;
    switch (frame.type) {
      case 'history':
        this.#stranger = this.#email !== undefined && this.#email !== frame.email;
        if (this.#stranger) {
          this.#connection.giveUp();
          this.#other();
          break;
        }
        this.#met = true;
        this.#untold.clear();
        conversation.history(frame);
        outbox.resume();
        break;
      case 'conversation':
        this.#requests.settle(frame);
        break;
      case 'message':
        conversation.message(frame.message);
        break;
      case 'event':
        conversation.event(frame.event);
        break;
      case 'draft':
        conversation.draft(frame.draft);
        break;
      case 'messages_read':
        conversation.readBy(frame.reader, frame.up_to);
        break;
      case 'typing':
        conversation.typed(frame.sender, frame.typing);
        break;
      case 'ack': {
        if (this.#requests.settle(frame)) break;
        const pending = outbox.confirm(frame.client_id);
        if (pending) conversation.acknowledged(pending, frame.id, frame.seq, frame.timestamp);
        break;
      }
      case 'error':
        if (!this.#requests.settle(frame)) outbox.refuse(frame);
        break;
    }
  }
}
