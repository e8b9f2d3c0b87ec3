// For unit tests only: a world in which the test is the server. Sockets record what was sent and say what the test
// tells them; time is vitest's fake clock; chance always takes the longest wait.

import { expect, vi } from 'vitest';
import type { AgentClient } from './agent.ts';
import { type Environment, type KeyValueStore, readKey, type Socket, writeKey } from './environment.ts';
import type { Message, SenderType } from './frames.ts';
import type { Kept, OutboxStore, Pending } from './outbox-store.ts';

type Frame = Record<string, unknown>;

export class ScriptedSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly url: string;
  closed = false;
  #unread: Frame[] = [];

  constructor(url: string) {
    this.url = url;
  }

  send(text: string): void {
    this.#unread.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.closed = true;
  }

  /** What the client has sent since the last look. */
  took(): Frame[] {
    return this.#unread.splice(0);
  }

  /** The one frame of this type among those sent since the last look; the others are dropped. */
  took1(type: string): Frame {
    const found = this.took().filter((frame) => frame.type === type);
    expect(found).toHaveLength(1);
    return found[0] ?? {};
  }

  open(): void {
    this.onopen?.();
  }

  says(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breaks(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason });
  }
}

export class MemoryStore implements KeyValueStore {
  readonly values = new Map<string, string>();
  get length(): number {
    return this.values.size;
  }
  key(index: number): string | null {
    return [...this.values.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.values.set(key, value);
  }
  removeItem(key: string): void {
    this.values.delete(key);
  }
}

/** Answers at once, where the browser's would take its time; for one tab. */
class InstantOutbox implements OutboxStore {
  #storage: KeyValueStore | null;
  #key = '';
  #entries = new Map<string, Pending>();

  constructor(storage: KeyValueStore | null) {
    this.#storage = storage;
  }

  open(key: string): Kept {
    this.#key = key;
    const entries = JSON.parse(readKey(this.#storage, key) ?? '[]') as Pending[];
    for (const entry of entries) this.#entries.set(entry.client_id, entry);
    return { entries, elsewhere: new Set(), gone: new Set() };
  }

  keep(pending: Pending): void {
    if (pending.failed === null) this.#entries.delete(pending.client_id);
    this.#entries.set(pending.client_id, pending);
    this.#write();
  }

  remove(client_id: string): void {
    this.#entries.delete(client_id);
    this.#write();
  }

  async clear(): Promise<void> {
    this.#entries.clear();
    this.#write();
  }

  close(): void {}

  #write(): void {
    writeKey(this.#storage, this.#key, JSON.stringify([...this.#entries.values()]));
  }
}

/** What a private window may do. */
export const brokenStore: KeyValueStore = {
  length: 1,
  key: () => {
    throw new Error('denied');
  },
  getItem: () => {
    throw new Error('denied');
  },
  setItem: () => {
    throw new Error('quota');
  },
  removeItem: () => {
    throw new Error('denied');
  },
};

export class World {
  readonly sockets: ScriptedSocket[] = [];
  /** 1 is the longest wait that jitter allows. */
  chance = 1;
  storage: KeyValueStore | null = new MemoryStore();
  #ids = 0;

  get environment(): Environment {
    return {
      clock: {
        now: () => Date.now(),
        setTimeout: (run, ms) => setTimeout(run, ms) as unknown as number,
        clearTimeout: (timer) => clearTimeout(timer),
        random: () => this.chance,
      },
      openSocket: (url) => {
        const socket = new ScriptedSocket(url);
        this.sockets.push(socket);
        return socket;
      },
      outbox: () => new InstantOutbox(this.storage),
      newId: () => {
        this.#ids += 1;
        return `id-${this.#ids}`;
      },
    };
  }

  /** The newest socket. */
  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nobody has connected');
    return socket;
  }

  /** Breaks the socket and lets the client come back with a new one. */
  reconnect(): ScriptedSocket {
    const before = this.sockets.length;
    this.socket.breaks();
    while (this.sockets.length === before) vi.advanceTimersToNextTimer();
    this.socket.open();
    return this.socket;
  }
}

export function message(seq: number, sender_type: SenderType = 'admin', more: Partial<Message> = {}): Message {
  const content = more.content ?? `text ${seq}`;
  const timestamp = `2026-01-31T09:30:${String(seq % 60).padStart(2, '0')}.123456+00:00`;
  return { id: 1_000 + seq, seq, email: 'ann@example.com', sender_type, content, timestamp, ...more };
}

export function messages(from: number, to: number, sender_type: SenderType = 'admin'): Message[] {
  return Array.from({ length: to - from + 1 }, (_, n) => message(from + n, sender_type));
}

/** The fields that `history` and `conversation` share, for the given messages. */
export function page(of: Message[], more: Frame = {}): Frame {
  const first_seq = of[0]?.seq ?? 1;
  const last_seq = of.at(-1)?.seq ?? first_seq - 1;
  return { messages: of, first_seq, last_seq, epoch: 'e1', has_more: false, read: { user: 0, admin: 0 }, ...more };
}

/** An agent opens a conversation, and its page tells of it what `told` says. */
export function opened(world: World, client: AgentClient, email: string, told: object): ScriptedSocket {
  client.start();
  world.socket.open();
  client.watch(email);
  const { client_id } = world.socket.took1('get_conversation');
  world.socket.says({ type: 'conversation', email, client_id, conversation: 'c', ...page([]), ...told });
  return world.socket;
}
