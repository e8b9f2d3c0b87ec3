// What an agent has begun to write, one draft for each conversation. Kept in the browser's storage, so that it outlives
// the browser; where that refuses, in this page, so that it at least outlives a look at another conversation.

import { browserStorage, type KeyValueStore, readKey, writeKey } from '../client/environment.ts';
import type { DraftStore } from '../parts/composer.tsx';

/** `of` gives the place anew each time: reading it may throw where a browser refuses storage. */
export function draftStore(of: () => KeyValueStore | null = browserStorage): DraftStore {
  const inPage = new Map<string, string>();
  return {
    read: (key) => readKey(of(), key) ?? inPage.get(key) ?? null,
    write(key, text) {
      writeKey(of(), key, text);
      if (text === null || readKey(of(), key) === text) inPage.delete(key);
      else inPage.set(key, text);
    },
  };
}

export const drafts = draftStore();

/** Two agents at one browser do not read each other's. */
export function draftKey(agent: string, email: string): string {
  return `minicom.draft.admin.${encodeURIComponent(agent)}/${email}`;
}
