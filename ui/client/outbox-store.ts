// Where unsent messages are kept. In the browser's database, shared by all tabs: each tab sends what was said in it, shows
// what the others still have to send, and takes over what a tab that is gone has left. The database takes its time, so what
// is said is first written ahead (write-ahead.ts), and stays there where the database fails (private windows, full disks).

import { Database, result } from './database.ts';
import type { KeyValueStore } from './environment.ts';
import { PLACE } from './place.ts';
import { forgetAhead, WriteAhead } from './write-ahead.ts';

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
  /** This tab sends it, or has found that it cannot be sent. When this returns, it outlives the page. */
  keep(pending: Pending): void;
  /** It is stored at the server or discarded, whoever was to send it. */
  remove(client_id: string): void;
  /** Leaves nothing under this key. */
  clear(): Promise<void>;
  close(): void;
}

export interface Row extends Pending {
  key: string;
  /** Who sends it. */
  tab: string;
  /** Where it stands among the others. */
  order: number;
}

const DATABASE = PLACE;
const TABLE = { name: 'outbox', keyPath: ['key', 'client_id'], index: 'key' };

const lockOf = (tab: string) => `minicom.tab.${tab}`;

/** Every row of one tab is sent by that tab, which holds a lock as long as it lives; who gets the lock inherits. */
export class SharedOutbox implements OutboxStore {
  #tab: string;
  #ahead: WriteAhead;
  #key = '';
  #changed: (kept: Kept) => void = () => {};
  #database: Database | null = null;
  #channel: BroadcastChannel | null = null;
  #watched = new Set<string>();
  #life = new AbortController();
  /** Where each row stands that is known to have been kept. */
  #orders = new Map<string, number>();
  #order = 0;
  /** One thing after the other, so that a removal never overtakes what it removes. */
  #work: Promise<unknown> = Promise.resolve();

  /** `storage`: keeps at once what the database has not taken yet. */
  constructor(tab: string, storage: KeyValueStore | null) {
    this.#tab = tab;
    this.#ahead = new WriteAhead(storage, tab);
  }

  open(key: string, changed: (kept: Kept) => void): Promise<Kept> {
    this.#key = key;
    this.#changed = changed;
    this.#ahead.open(key);
    this.#holdLock();
    const opened = this.#open();
    this.#work = opened;
    return opened;
  }

  async #open(): Promise<Kept> {
    try {
      this.#database = await Database.open(DATABASE, TABLE);
      if ('BroadcastChannel' in globalThis) {
        this.#channel = new BroadcastChannel(PLACE + this.#key);
        this.#channel.onmessage = () => void this.#do(() => this.#tell());
      }
      await this.#inheritAll();
      return await this.#read();
    } catch {
      this.#database = null;
      await this.#inheritAll().catch(() => {});
      return this.#read();
    }
  }

  keep(pending: Pending): void {
    const row = this.#row(pending);
    this.#ahead.write(row);
    void this.#do(() => this.#store(row));
  }

  remove(client_id: string): void {
    this.#ahead.remove(client_id);
    void this.#do(async () => {
      // What was done with before the database had its turn never got there.
      if (!this.#orders.delete(client_id)) return;
      await this.#database?.write(TABLE.name, (table) => table.delete([this.#key, client_id]));
      this.#announce();
    });
  }

  async clear(): Promise<void> {
    this.#ahead.clear();
    await this.#do(async () => {
      await this.#database?.write(TABLE.name, (table) => deleteAll(table, ([key]) => key === this.#key));
      this.#announce();
    });
  }

  close(): void {
    void this.#do(async () => {
      this.#channel?.close();
      this.#database?.close();
    });
    void this.#work.then(() => this.#life.abort());
  }

  #row({ client_id, to, text, timestamp, failed }: Pending): Row {
    // Behind all that this tab has seen, a retried one too; one that has failed stays where it is.
    this.#order = Math.max(this.#order + 1, Date.now());
    const order = (failed === null ? undefined : this.#orders.get(client_id)) ?? this.#order;
    return { client_id, to, text, timestamp, failed, key: this.#key, tab: this.#tab, order };
  }

  async #store(row: Row): Promise<void> {
    if (this.#database === null || !this.#ahead.own().includes(row)) return;
    await this.#database.write(TABLE.name, (table) => table.put(row));
    this.#ahead.stored(row);
    this.#orders.set(row.client_id, row.order);
    this.#announce();
  }

  /** What fails is only not kept, or kept ahead; the person at the screen has no use for that. */
  #do(run: () => Promise<void>): Promise<void> {
    const done = this.#work.then(run).catch(() => {});
    this.#work = done;
    return done;
  }

  async #rows(): Promise<Row[]> {
    const all = (table: IDBObjectStore) => table.index(TABLE.index).getAll(this.#key) as IDBRequest<Row[]>;
    return (await this.#database?.read(TABLE.name, all)) ?? [];
  }

  async #read(): Promise<Kept> {
    const kept = await this.#rows();
    const ids = new Set(kept.map((row) => row.client_id));
    const rows = [...kept, ...this.#ahead.own().filter((row) => !ids.has(row.client_id))];
    rows.sort((a, b) => a.order - b.order);
    this.#order = Math.max(this.#order, rows.at(-1)?.order ?? 0);
    const theirs = rows.filter((row) => row.tab !== this.#tab);
    for (const tab of [...theirs.map((row) => row.tab), ...this.#ahead.others()]) this.#watch(tab);
    const gone = new Set([...this.#orders.keys()].filter((id) => !ids.has(id)));
    for (const id of gone) this.#orders.delete(id);
    for (const { client_id, order } of kept) this.#orders.set(client_id, order);
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
    const inherit = () => this.#do(() => this.#inherit(tab));
    if (!('locks' in navigator)) void inherit();
    else navigator.locks.request(lockOf(tab), { signal: this.#life.signal }, inherit).catch(() => {});
  }

  async #inherit(from: string): Promise<void> {
    if (this.#life.signal.aborted) return;
    await this.#takeOver(from);
    await this.#tell();
  }

  /** At the beginning, so that what the dead have left leaves before what is said now. */
  async #inheritAll(): Promise<void> {
    const rows = await this.#rows();
    for (const tab of new Set([...rows.map((row) => row.tab), ...this.#ahead.others()])) {
      if (tab === this.#tab) continue;
      if (!('locks' in navigator)) await this.#takeOver(tab);
      else
        await navigator.locks.request(lockOf(tab), { ifAvailable: true }, async (lock) => {
          if (lock) await this.#takeOver(tab);
        });
    }
  }

  async #takeOver(from: string): Promise<void> {
    this.#ahead.inherit(from);
    const left = (await this.#rows()).filter((row) => row.tab === from);
    await this.#database?.write(TABLE.name, (table) => {
      for (const row of left) table.put({ ...row, tab: this.#tab });
    });
    // What that tab had written ahead is newer than what it had in the database.
    for (const row of this.#ahead.own()) await this.#store(row);
    this.#announce();
  }
}

/** Those whose key, `[outbox, client_id]`, fits. */
async function deleteAll(table: IDBObjectStore, fits: (key: string[]) => boolean): Promise<void> {
  for (const key of await result(table.getAllKeys())) if (fits(key as string[])) table.delete(key);
}

/** Empties what other people than `key`'s have left, for a visitor who finds a browser used before him. Gives it, oldest first. */
export async function forgetOthers(key: string, prefix: string, storage: KeyValueStore | null): Promise<Row[]> {
  const others = (of: string) => of.startsWith(prefix) && of !== key;
  const left = forgetAhead(storage, others);
  try {
    const database = await Database.open(DATABASE, TABLE);
    const all = await database.read(TABLE.name, (table) => table.getAll() as IDBRequest<Row[]>);
    left.push(...all.filter((row) => others(row.key)));
    await database.write(TABLE.name, (table) => deleteAll(table, ([of = '']) => others(of)));
    database.close();
  } catch {
    // Nothing is kept there.
  }
  return left.sort((a, b) => a.order - b.order);
}

/** The database itself goes too when nothing is in it. */
export async function forgetDatabase(): Promise<void> {
  try {
    const database = await Database.open(DATABASE, TABLE);
    const left = await database.read(TABLE.name, (table) => table.count());
    database.close();
    if (left === 0) await Database.remove(DATABASE);
  } catch {
    // There is none, or somebody holds it; it is empty.
  }
}
