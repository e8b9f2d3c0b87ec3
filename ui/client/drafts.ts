// What somebody has begun to write. A tab keeps its own draft through a reload; the browser keeps the last one, which a new
// tab begins with, and which outlives them all.

import { type KeyValueStore, readKey, writeKey } from './environment.ts';
import { PLACE } from './place.ts';

export class Drafts {
  #tab: KeyValueStore | null;
  #browser: KeyValueStore | null;

  /** Without `browser`, drafts end with their tab. */
  constructor(tab: KeyValueStore | null, browser: KeyValueStore | null) {
    this.#tab = tab;
    this.#browser = browser;
  }

  read(key: string): string {
    return readKey(this.#tab, key) ?? readKey(this.#browser, key) ?? '';
  }

  /** An empty text leaves nothing. */
  write(key: string, text: string): void {
    this.adopt(key, text);
    writeKey(this.#browser, key, text || null);
  }

  /** Keeps what another tab has written in this one. The browser has it, or what that tab has written since. */
  adopt(key: string, text: string): void {
    writeKey(this.#tab, key, text || null);
  }

  /** Tells what another tab has made of the browser's draft. Gives the way back. */
  follow(key: string, changed: (now: string, before: string) => void): () => void {
    if (this.#browser === null) return () => {};
    const hear = (event: StorageEvent) => {
      if (event.key === PLACE + key) changed(event.newValue ?? '', event.oldValue ?? '');
    };
    window.addEventListener('storage', hear);
    return () => window.removeEventListener('storage', hear);
  }
}
