// Where unsent messages are kept. In the browser's database, shared by all tabs: each tab sends what was said in it, shows
// what the others still have to send, and takes over what a tab that is gone has left. Where the database fails (private
// windows, full disks), in the tab's own storage, and where that fails too, nowhere.

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import { type KeyValueStore, readKey, writeKey } from './environment.ts';

export interface Pending {
  client_id: string;
  /** The participant that an agent answers; empty for a visitor, who has one conversation. */
  to: string;
  text: string;
  timestamp: string;
  /** The code of the refusal, once it has been refused for good. */
  failed: string | null;
}

export interface Kept {
  /** Oldest first. */
  entries: Pending[];
  /** Those of them that other tabs send. */
  elsewhere: ReadonlySet<string>;
  /** What was kept before and is no more: another tab is done with it. */
  gone: ReadonlySet<string>;
}

export interface OutboxStore {
  /** `changed`: another tab did something, or has left something to us. */
  open(key: string, changed: (kept: Kept) => void): Kept | Promise<Kept>;
  /** What this tab sends, oldest first, after a change of one of them. */
  keep(own: readonly Pending[], changed: Pending | null): void;
  /** It is stored at the server or discarded, whoever was to send it. */
  remove(client_id: string): void;
  /** Leaves nothing under this key. */
  clear(): Promise<void>;
  close(): void;
}

const NONE: ReadonlySet<string> = new Set();

/** In the tab's own storage, under one key: for this tab alone, as long as the tab lives. */
export class TabOutbox implements OutboxStore {
  #storage: KeyValueStore | null;
  #key = '';
  #entries: readonly Pending[] = [];

  constructor(storage: KeyValueStore | null) {
    this.#storage = storage;
  }

  open(key: string): Kept {
    this.#key = key;
    const entries = restore(readKey(this.#storage, key));
    this.#entries = entries;
    return { entries: [...entries], elsewhere: NONE, gone: NONE };
  }

  keep(own: readonly Pending[]): void {
    this.#entries = [...own];
    this.#write();
  }

  remove(client_id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.client_id !== client_id);
    this.#write();
  }

  async clear(): Promise<void> {
    this.#entries = [];
    this.#write();
  }

  close(): void {}

  #write(): void {
    writeKey(this.#storage, this.#key, this.#entries.length > 0 ? JSON.stringify(this.#entries) : null);
  }
}

interface Row extends Pending {
  key: string;
  /** Who sends it. */
  tab: string;
  /** Where it stands among the others. */
  order: number;
}

interface Schema extends DBSchema {
  outbox: { key: [string, string]; value: Row; indexes: { key: string } };
}

const DATABASE = 'minicom';
const TABLE = 'outbox';
/** A database that does not open in this time is none. */
const OPEN_MS = 2_000;

const lockOf = (tab: string) => `minicom.tab.${tab}`;

/** Every row of one tab is sent by that tab, which holds a lock as long as it lives; who gets the lock inherits. */
export class SharedOutbox implements OutboxStore {
  #tab: string;
  #fallback: TabOutbox;
  #key = '';
  #changed: (kept: Kept) => void = () => {};
  #database: IDBPDatabase<Schema> | null = null;
  #channel: BroadcastChannel | null = null;
  #watched = new Set<string>();
  #life = new AbortController();
  /** Where each row stands that is known to have been kept. */
  #orders = new Map<string, number>();
  #order = 0;
  /** One thing after the other, so that a removal never overtakes what it removes. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(tab: string, storage: KeyValueStore | null) {
    this.#tab = tab;
    this.#fallback = new TabOutbox(storage);
  }

  open(key: string, changed: (kept: Kept) => void): Promise<Kept> {
    this.#key = key;
    this.#changed = changed;
    const opened = this.#open();
    this.#work = opened;
    return opened;
  }

  async #open(): Promise<Kept> {
    const inTab = this.#fallback.open(this.#key);
    try {
      const database = await withinTime(connect());
      this.#database = database;
      this.#holdLock();
      if ('BroadcastChannel' in globalThis) {
        this.#channel = new BroadcastChannel(this.#key);
        this.#channel.onmessage = () => void this.#do(() => this.#tell());
      }
      // From a time when the database failed.
      for (const pending of inTab.entries) await database.put(TABLE, this.#row(pending));
      await this.#fallback.clear();
      await this.#inheritAll(database);
      return await this.#read();
    } catch {
      this.#database = null;
      return inTab;
    }
  }

  keep(own: readonly Pending[], changed: Pending | null): void {
    if (changed === null) return;
    const row = this.#row(changed);
    void this.#do(
      async (database) => {
        await database.put(TABLE, row);
        this.#orders.set(row.client_id, row.order);
        this.#announce();
      },
      () => this.#fallback.keep(own),
    );
  }

  remove(client_id: string): void {
    void this.#do(
      async (database) => {
        await database.delete(TABLE, [this.#key, client_id]);
        this.#orders.delete(client_id);
        this.#announce();
      },
      () => this.#fallback.remove(client_id),
    );
  }

  async clear(): Promise<void> {
    await this.#fallback.clear();
    await this.#do(async (database) => {
      const transaction = database.transaction(TABLE, 'readwrite');
      for (const id of await transaction.store.index('key').getAllKeys(this.#key)) await transaction.store.delete(id);
      await transaction.done;
      this.#announce();
    });
  }

  close(): void {
    void this.#do(async (database) => {
      this.#channel?.close();
      database.close();
    });
    void this.#work.then(() => this.#life.abort());
  }

  #row({ client_id, to, text, timestamp, failed }: Pending): Row {
    // Behind all that this tab has seen, a retried one too; one that has failed stays where it is.
    this.#order = Math.max(this.#order + 1, Date.now());
    const order = (failed === null ? undefined : this.#orders.get(client_id)) ?? this.#order;
    return { client_id, to, text, timestamp, failed, key: this.#key, tab: this.#tab, order };
  }

  #do(run: (database: IDBPDatabase<Schema>) => Promise<void>, otherwise: () => void = () => {}): Promise<void> {
    const done = this.#work.then(() => (this.#database ? run(this.#database) : otherwise())).catch(otherwise);
    this.#work = done;
    return done;
  }

  async #read(): Promise<Kept> {
    const rows = this.#database === null ? [] : await this.#database.getAllFromIndex(TABLE, 'key', this.#key);
    rows.sort((a, b) => a.order - b.order);
    this.#order = Math.max(this.#order, rows.at(-1)?.order ?? 0);
    const theirs = rows.filter((row) => row.tab !== this.#tab);
    for (const { tab } of theirs) this.#watch(tab);
    const ids = new Set(rows.map((row) => row.client_id));
    const gone = new Set([...this.#orders.keys()].filter((id) => !ids.has(id)));
    for (const id of gone) this.#orders.delete(id);
    for (const { client_id, order } of rows) this.#orders.set(client_id, order);
    return {
      entries: rows.map(({ key: _key, tab: _tab, order: _order, ...pending }) => pending),
      elsewhere: new Set(theirs.map((row) => row.client_id)),
      gone,
    };
  }

  async #tell(): Promise<void> {
    const kept = await this.#read();
    if (!this.#life.signal.aborted) this.#changed(kept);
  }

  #announce(): void {
    this.#channel?.postMessage(null);
  }

  #holdLock(): void {
    const { signal } = this.#life;
    const ended = new Promise<void>((release) => signal.addEventListener('abort', () => release()));
    // Locks exist on secure origins only; without them nobody can tell who lives, and everybody inherits at once.
    navigator.locks?.request(lockOf(this.#tab), () => ended).catch(() => {});
  }

  /** Waits for that tab to go, if it has not gone already. */
  #watch(tab: string): void {
    if (this.#watched.has(tab)) return;
    this.#watched.add(tab);
    const inherit = () => this.#do((database) => this.#inherit(database, tab));
    if (!('locks' in navigator)) void inherit();
    else navigator.locks.request(lockOf(tab), { signal: this.#life.signal }, inherit).catch(() => {});
  }

  async #inherit(database: IDBPDatabase<Schema>, from: string): Promise<void> {
    if (this.#life.signal.aborted) return;
    await this.#takeOver(database, from);
    await this.#tell();
  }

  /** At the beginning, so that what the dead have left leaves before what is said now. */
  async #inheritAll(database: IDBPDatabase<Schema>): Promise<void> {
    const rows = await database.getAllFromIndex(TABLE, 'key', this.#key);
    for (const tab of new Set(rows.map((row) => row.tab))) {
      if (tab === this.#tab) continue;
      if (!('locks' in navigator)) await this.#takeOver(database, tab);
      else
        await navigator.locks.request(lockOf(tab), { ifAvailable: true }, async (lock) => {
          if (lock) await this.#takeOver(database, tab);
        });
    }
  }

  async #takeOver(database: IDBPDatabase<Schema>, from: string): Promise<void> {
    const transaction = database.transaction(TABLE, 'readwrite');
    for (const row of await transaction.store.index('key').getAll(this.#key)) {
      if (row.tab === from) await transaction.store.put({ ...row, tab: this.#tab });
    }
    await transaction.done;
    this.#announce();
  }
}

function connect(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(DATABASE, 1, {
    upgrade(database) {
      database.createObjectStore(TABLE, { keyPath: ['key', 'client_id'] }).createIndex('key', 'key');
    },
    // A later version of us in another tab must not wait for this one.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  });
}

function withinTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((settle, fail) => {
    const timer = setTimeout(() => fail(new Error('too late')), OPEN_MS);
    promise.then(settle, fail).finally(() => clearTimeout(timer));
  });
}

/** Empties what other people than `key`'s have left, for a visitor who finds a browser used before him. */
export async function forgetOthers(key: string, prefix: string): Promise<void> {
  try {
    const database = await withinTime(connect());
    const transaction = database.transaction(TABLE, 'readwrite');
    for (const id of await transaction.store.getAllKeys()) {
      if (id[0].startsWith(prefix) && id[0] !== key) await transaction.store.delete(id);
    }
    await transaction.done;
    database.close();
  } catch {
    // Nothing is kept there.
  }
}

/** The database itself goes too when nothing is in it. */
export async function forgetDatabase(): Promise<void> {
  try {
    const database = await withinTime(connect());
    const left = await database.count(TABLE);
    database.close();
    if (left === 0) await withinTime(deleteDB(DATABASE));
  } catch {
    // There is none, or somebody holds it; it is empty.
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
