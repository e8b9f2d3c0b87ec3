// The visitor's client: one connection, one conversation. The server sends its latest page first on every connect.

import { Connection, type ConnectionState } from './connection.ts';
import { Conversation, type ConversationView, type MakeAi } from './conversation.ts';
import type { Environment } from './environment.ts';
import type { ServerFrame } from './frames.ts';
import { Outbox } from './outbox.ts';
import { Requests } from './requests.ts';

/** How the names of visitors' outboxes begin. */
export const OUTBOXES = 'user ';

export interface VisitorView {
  connection: ConnectionState;
  conversation: ConversationView;
}

export interface VisitorOptions {
  environment: Environment;
  url: string;
  /** Names the outbox, so that one person never sends what another wrote. */
  owner: string;
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
  changed(): void;
}

/** Close codes `expired`, `moved` and `unauthenticated`. */
const WHO_ARE_YOU: readonly number[] = [4401, 4410, 4501];

export class VisitorClient {
  readonly conversation: Conversation;
  readonly outbox: Outbox;
  #connection: Connection;
  #requests: Requests;
  #token: string | undefined;

  constructor({ environment, url, owner, token, visitor, taken = () => {}, makeAi, expired, changed }: VisitorOptions) {
    this.#token = token;
    this.#connection = new Connection(environment, url, {
      // The history that follows says what is stored already; the outbox waits for it.
      opened: () => {
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
    const send = this.#connection.send.bind(this.#connection);
    this.#requests = new Requests(environment, send);
    this.outbox = new Outbox(environment, `${OUTBOXES}${owner}`, send, changed);
    const { outbox } = this;
    const requests = this.#requests;
    const here = { side: 'user', email: '', makeAi } as const;
    this.conversation = new Conversation({ environment, ...here, send, requests, commands: requests, outbox, changed });
  }

  view(): VisitorView {
    return { connection: this.#connection.state, conversation: this.conversation.view() };
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
    this.outbox.pause();
    this.#requests.forget();
    this.conversation.suspend();
  }

  #receive(frame: ServerFrame): void {
    const { conversation, outbox } = this;
    switch (frame.type) {
      case 'history':
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
