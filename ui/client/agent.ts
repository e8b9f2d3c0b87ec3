// The agent's client: one connection, the inbox, and the conversation being watched. Conversations opened before stay
// in memory; opening one again shows it at once and fetches what it missed.

import { Ai } from './ai.ts';
import { AiReport, type ReportView } from './ai-report.ts';
import { Bans, type BanView } from './bans.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { Conversation, type ConversationView } from './conversation.ts';
import { isObject, text } from './decode.ts';
import { decodeAgentFrame } from './decode-agent.ts';
import type { Environment } from './environment.ts';
import { Flagged, type FlagsView } from './flags.ts';
import type { ClientFrame, ErrorFrame, Happening, Person, Row, ServerFrame } from './frames.ts';
import { type Arrival, Inbox, type InboxView } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { Requests } from './requests.ts';
import { Search, type SearchView } from './search.ts';
import type { SettingView } from './setting.ts';
import { WordLists, type WordListsSaid } from './word-lists.ts';

export interface AgentView {
  connection: ConnectionState;
  inbox: InboxView;
  search: SearchView;
  /** The AI of the workspace. */
  ai: ReportView;
  wordLists: SettingView<WordListsSaid>;
  /** The conversation on the screen. */
  open: {
    email: string;
    row: Row | null;
    conversation: ConversationView;
    /** The agents who have it open, ourselves included; empty while nobody else came. */
    viewers: readonly Person[];
    ban: BanView;
    flags: FlagsView;
  } | null;
}

export interface AgentOptions {
  environment: Environment;
  url: string;
  /** Names the outbox, so that one agent never sends what another wrote. */
  owner: string;
  /** Whose inbox it must be, where the address does not say it. */
  email?: string | undefined;
  /** It is another's: nothing of this may be shown to him. We come back, in case that was for a moment. */
  other?(): void;
  changed(): void;
  /** Somebody new wrote, or waits for a person from now on. */
  arrived?(row: Row, why: Arrival): void;
}

export class AgentClient {
  readonly inbox: Inbox;
  readonly search: Search;
  readonly ai: AiReport;
  readonly bans: Bans;
  readonly flagged: Flagged;
  readonly wordLists: WordLists;
  readonly outbox: Outbox;
  #environment: Environment;
  #changed: () => void;
  #email: string | undefined;
  #other: () => void;
  #connection: Connection;
  /** The server has said on this socket that it is he. */
  #met = false;
  #listRequests: Requests;
  #pageRequests: Requests;
  #searchRequests: Requests;
  #commands: Requests;
  #conversations = new Map<string, Conversation>();
  #current: Conversation | null = null;
  #viewers: readonly Person[] = [];

  constructor({ environment, url, owner, email, other = () => {}, changed, arrived }: AgentOptions) {
    this.#environment = environment;
    this.#changed = changed;
    this.#email = email;
    this.#other = other;
    const listener = {
      opened: () => this.#opened(),
      lost: () => this.#lost(),
      frame: (frame: ServerFrame) => this.#receive(frame),
      changed,
    };
    this.#connection = new Connection(environment, url, listener, decodeAgentFrame);
    const send = this.#connection.send.bind(this.#connection);
    this.#listRequests = new Requests(environment, send);
    this.#pageRequests = new Requests(environment, send);
    this.#searchRequests = new Requests(environment, send);
    this.#commands = new Requests(environment, this.#act);
    this.outbox = new Outbox(environment, `admin ${owner}`, this.#act, changed);
    this.inbox = new Inbox(this.#listRequests, changed, (row, why) => arrived?.(row, why));
    this.search = new Search(this.#searchRequests, changed);
    this.bans = new Bans(this.#commands, changed);
    this.flagged = new Flagged(this.#commands, changed);
    this.wordLists = new WordLists(this.#commands, changed);
    // With another policy another one attends; the page says who.
    this.ai = new AiReport(this.#commands, changed, () => this.#current?.fetch());
  }

  /** For what is more than a question: it waits until the server has said who is here. */
  #act = (frame: ClientFrame): boolean => this.#met && this.#connection.send(frame);

  /** The conversation on the screen, if any. */
  get current(): Conversation | null {
    return this.#current;
  }

  view(): AgentView {
    const current = this.#current;
    const open = current && {
      email: current.email,
      row: this.inbox.row(current.email) ?? null,
      conversation: current.view(),
      viewers: this.#viewers,
      ban: this.bans.view(current.email),
      flags: this.flagged.view(current.email),
    };
    const [inbox, search, ai] = [this.inbox.view(), this.search.view(), this.ai.view()];
    return { connection: this.#connection.state, inbox, search, ai, wordLists: this.wordLists.setting, open };
  }

  start(): void {
    this.#connection.start();
  }

  stop(): void {
    this.#connection.stop();
    this.#lost();
    this.outbox.close();
  }

  wake(): void {
    this.#connection.wake();
  }

  /** Leaves the one on the screen, and watches another or none. */
  watch(email: string | null): void {
    if (this.#current?.email === email) return;
    // To ask for another page of the old one would watch it again.
    this.#pageRequests.forget();
    for (const other of this.#conversations.values()) if (other.email !== email) other.suspend();
    this.#viewers = [];
    if (email === null) {
      this.#current = null;
      this.#connection.send({ type: 'leave' });
    } else {
      this.#current = this.#conversation(email);
      this.#current.fetch();
    }
    this.#changed();
  }

  #conversation(email: string): Conversation {
    let conversation = this.#conversations.get(email);
    if (conversation === undefined) {
      conversation = new Conversation({
        environment: this.#environment,
        side: 'admin',
        email,
        send: this.#act,
        requests: this.#pageRequests,
        commands: this.#commands,
        makeAi: (context) => new Ai(context),
        outbox: this.outbox,
        changed: this.#changed,
      });
      this.#conversations.set(email, conversation);
    }
    return conversation;
  }

  #opened(): void {
    this.inbox.fetch();
    this.search.resume();
    this.#current?.fetch();
    if (this.#email === undefined) this.#begin();
  }

  #begin(): void {
    this.#met = true;
    this.ai.fetch();
    this.outbox.resume();
  }

  /** `agent`: whom the server takes us for. Every list says it, and a list is the first thing that is asked for. */
  #isFor(agent: string | undefined): boolean {
    const same = this.#email === undefined || this.#email === agent;
    if (!same) {
      this.#connection.giveUp();
      this.#other();
    } else if (!this.#met) {
      this.#begin();
    }
    return same;
  }

  #lost(): void {
    this.#met = false;
    this.outbox.pause();
    this.#listRequests.forget();
    this.#pageRequests.forget();
    this.#searchRequests.forget();
    this.#commands.forget();
    this.ai.lost();
    this.wordLists.lost();
    this.#viewers = [];
    for (const conversation of this.#conversations.values()) conversation.suspend();
  }

  /** Frames for a conversation that was never opened here have nowhere to go. */
  #about(email: string | undefined, id?: string): Conversation | undefined {
    if (email !== undefined) return this.#conversations.get(email);
    for (const conversation of this.#conversations.values()) if (id && conversation.id === id) return conversation;
    return undefined;
  }

  #placeOf(said: unknown): Conversation | undefined {
    const { email, conversation } = (isObject(said) ? said : {}) as Record<string, unknown>;
    return this.#about(text(email), text(conversation));
  }

  #happened(place: Conversation | undefined, event: Happening): void {
    if (place === undefined) return;
    this.bans.event(place.email, event);
    this.flagged.event(place.email, event);
    place.event(event);
  }

  #settled(error: ErrorFrame): boolean {
    const all = [this.#listRequests, this.#pageRequests, this.#searchRequests, this.#commands];
    return all.some((requests) => requests.settle(error));
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      // A visitor's.
      case 'history':
        this.#isFor(undefined);
        break;
      case 'list':
        if (this.#isFor(frame.agent)) this.#listRequests.settle(frame);
        break;
      case 'conversation':
        this.bans.told(frame.email, frame.ban ?? null);
        this.flagged.told(frame.email, frame.flags ?? null);
        this.#pageRequests.settle(frame);
        break;
      case 'search':
        this.#searchRequests.settle(frame);
        break;
      case 'row':
        this.inbox.changed(frame.row);
        break;
      case 'message':
        this.#about(frame.message.email)?.message(frame.message);
        break;
      case 'event':
        this.#happened(this.#placeOf(frame.event), frame.event);
        break;
      case 'draft':
        this.#placeOf(frame.draft)?.draft(frame.draft);
        break;
      case 'ai':
      case 'word_lists':
        this.#commands.settle(frame);
        break;
      case 'messages_read':
        this.#about(frame.email)?.readBy(frame.reader, frame.up_to);
        break;
      case 'typing':
        this.#about(frame.email, frame.conversation)?.typed(frame.sender, frame.typing);
        break;
      case 'viewers':
        if (this.#about(frame.email, frame.conversation) !== this.#current) break;
        this.#viewers = frame.viewers;
        this.#changed();
        break;
      case 'ack': {
        if (this.#commands.settle(frame)) break;
        const pending = this.outbox.confirm(frame.client_id);
        if (pending) this.#about(pending.to)?.acknowledged(pending, frame.id, frame.seq, frame.timestamp);
        break;
      }
      case 'error':
        if (!this.#settled(frame)) this.outbox.refuse(frame);
        break;
    }
  }
}
