// What an agent has begun to write: one draft for each conversation, the same in all tabs. What the browser does not keep
// stays in this page, so that it outlives a look at another conversation.

import { Drafts } from '../client/drafts.ts';
import { browserStorage, type KeyValueStore } from '../client/environment.ts';

export class DeskDrafts extends Drafts {
  #page = new Map<string, string>();

  constructor(browser: KeyValueStore | null) {
    super(null, browser);
  }

  override read(key: string): string {
    return super.read(key) || (this.#page.get(key) ?? '');
  }

  override write(key: string, text: string): void {
    super.write(key, text);
    if (super.read(key) === text) this.#page.delete(key);
    else this.#page.set(key, text);
  }
}

export const drafts = new DeskDrafts(browserStorage());

/** Two agents at one browser do not read each other's. */
export function draftKey(agent: string, email: string): string {
  return `draft admin ${encodeURIComponent(agent)}/${email}`;
}
