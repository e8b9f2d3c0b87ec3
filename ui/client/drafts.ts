// What somebody has begun to write. A tab keeps its own draft through a reload; the browser keeps the last one, which a new
// tab begins with, and which outlives them all. What neither takes stays in this page.

import { type KeyValueStore, readKey, writeKey } from './environment.ts';

export class Drafts {
  #tab: KeyValueStore | null;
  #browser: KeyValueStore | null;
  #page = new Map<string, string>();

  /** Without `browser`, drafts end with their tab; without `tab`, all tabs have one. */
  constructor(tab: KeyValueStore | null, browser: KeyValueStore | null) {
    this.#tab = tab;
    this.#browser = browser;
  }

  read(key: string): string {
    return readKey(this.#tab, key) ?? readKey(this.#browser, key) ?? this.#page.get(key) ?? '';
  }

  /** An empty text leaves nothing. */
  write(key: string, text: string): void {
    const stores = [this.#tab, this.#browser];
    for (const store of stores) writeKey(store, key, text === '' ? null : text);
    if (text === '' || stores.some((store) => readKey(store, key) === text)) this.#page.delete(key);
    else this.#page.set(key, text);
  }

  /** Tells what another tab has made of the browser's draft. Gives the way back. */
  follow(key: string, changed: (now: string, before: string) => void): () => void {
    if (this.#browser === null) return () => {};
    const hear = (event: StorageEvent) => {
      if (event.key === key) changed(event.newValue ?? '', event.oldValue ?? '');
    };
    window.addEventListener('storage', hear);
    return () => window.removeEventListener('storage', hear);
  }
}
