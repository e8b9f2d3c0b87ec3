// Asks the host who is at the screen until it answers.

import { signal } from '@preact/signals';
import { backoff } from '../client/backoff.ts';
import { askSession, type Session } from '../client/session.ts';

/** Null until the first answer. */
export const session = signal<Session | null>(null);

export async function loadSession(attempt = 0): Promise<void> {
  session.value = await askSession(window.fetch.bind(window), document.baseURI);
  if (session.value.kind !== 'unreachable') return;
  // At least a second apart: unlike a lost socket, nothing is waiting to be sent.
  window.setTimeout(() => void loadSession(attempt + 1), 1_000 + backoff(Math.min(attempt, 4), Math.random()));
}
