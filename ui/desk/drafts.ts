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
      const kept = text || null;
      writeKey(of(), key, kept);
      if (kept === null || readKey(of(), key) === kept) inPage.delete(key);
      else inPage.set(key, kept);
    },
  };
}

export const drafts = draftStore();

/** Two agents at one browser do not read each other's. */
export function draftKey(agent: string, email: string): string {
  return `minicom.draft.admin.${encodeURIComponent(agent)}/${email}`;
}
