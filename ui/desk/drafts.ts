// What an agent has begun to write: one draft for each conversation, the same in all tabs.

import { Drafts } from '../client/drafts.ts';
import { browserStorage } from '../client/environment.ts';

export const drafts = new Drafts(null, browserStorage());

/** Two agents at one browser do not read each other's. */
export function draftKey(agent: string, email: string): string {
  return `minicom.draft.admin.${encodeURIComponent(agent)}/${email}`;
}
