// What was said and the database has not taken yet, in Web Storage: written before the call returns, so that a page that
// ends a moment later has lost nothing. One entry for each tab and outbox, written by that tab alone as long as it lives.

import { type KeyValueStore, keysOf, readKey, writeKey } from './environment.ts';
import type { Row } from './outbox-store.ts';

const PREFIX = 'ahead.';

export class WriteAhead {
  #storage: KeyValueStore | null;
  #tab: string;
  #key = '';
  /** As it stands in the storage, or would, where there is none. */
  #rows: Row[] = [];

  constructor(storage: KeyValueStore | null, tab: string) {
    this.#storage = storage;
    this.#tab = tab;
  }

  /** `key` names the outbox. */
  open(key: string): void {
    this.#key = key;
  }

  /** What this tab has written and not heard to be stored. */
  own(): readonly Row[] {
    return this.#rows;
  }

  /** Tabs that have written something for this outbox, dead or alive. */
  others(): string[] {
    return entriesOf(this.#storage)
      .filter(({ tab, key }) => key === this.#key && tab !== this.#tab)
      .map(({ tab }) => tab);
  }

  write(row: Row): void {
    this.#keep([...this.#rows.filter(({ client_id }) => client_id !== row.client_id), row]);
  }

  /** The database has this row. One that was written over it since stays. */
  stored(row: Row): void {
    this.#keep(this.#rows.filter((other) => other !== row));
  }

  remove(client_id: string): void {
    this.#keep(this.#rows.filter((row) => row.client_id !== client_id));
  }

  /** Takes what a tab has left that is gone. */
  inherit(tab: string): void {
    const name = nameOf(tab, this.#key);
    const left = restore(readKey(this.#storage, name));
    if (left.length === 0) return;
    this.#keep([...left.map((row) => ({ ...row, key: this.#key, tab: this.#tab })), ...this.#rows]);
    writeKey(this.#storage, name, null);
  }

  /** Whichever tab has written it. */
  clear(): void {
    this.#rows = [];
    forgetAhead(this.#storage, (key) => key === this.#key);
  }

  #keep(rows: Row[]): void {
    if (rows.length === this.#rows.length && rows.every((row, index) => row === this.#rows[index])) return;
    this.#rows = rows;
    writeKey(this.#storage, nameOf(this.#tab, this.#key), rows.length > 0 ? JSON.stringify(rows) : null);
  }
}

/** Removes what was written for the outboxes that `which` chooses, and gives it. */
export function forgetAhead(storage: KeyValueStore | null, which: (key: string) => boolean): Row[] {
  const chosen = entriesOf(storage).filter(({ key }) => which(key));
  return chosen.flatMap(({ name }) => {
    const rows = restore(readKey(storage, name));
    writeKey(storage, name, null);
    return rows;
  });
}

/** Tabs are named without spaces. */
function nameOf(tab: string, key: string): string {
  return `${PREFIX}${tab} ${key}`;
}

function entriesOf(storage: KeyValueStore | null): { name: string; tab: string; key: string }[] {
  return keysOf(storage, PREFIX).map((name) => {
    const space = name.indexOf(' ');
    return { name, tab: name.slice(PREFIX.length, space), key: name.slice(space + 1) };
  });
}

function restore(stored: string | null): Row[] {
  if (stored === null) return [];
  try {
    const value: unknown = JSON.parse(stored);
    return Array.isArray(value) ? value.filter(isRow) : [];
  } catch {
    return [];
  }
}

function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as Record<string, unknown>;
  return (
    ['client_id', 'to', 'text', 'timestamp'].every((field) => typeof row[field] === 'string') &&
    typeof row.order === 'number' &&
    (row.failed === null || typeof row.failed === 'string')
  );
}
