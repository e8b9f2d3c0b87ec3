// Asks the host who is at the screen until it answers. The language is there before the answer is shown, so that no page
// changes its language while one reads it.

import { signal } from '@preact/signals';
import { backoff } from '../client/backoff.ts';
import { askSession, type Session } from '../client/session.ts';
import { pageWishes, speak } from '../words/index.ts';

/** Null until the first answer. */
export const session = signal<Session | null>(null);

export async function loadSession(attempt = 0): Promise<void> {
  const language = attempt === 0 ? speak(pageWishes()) : null;
  const answer = await askSession(window.fetch.bind(window), document.baseURI);
  await language;
  session.value = answer;
  if (answer.kind !== 'unreachable') return;
  // At least a second apart: unlike a lost socket, nothing is waiting to be sent.
  window.setTimeout(() => void loadSession(attempt + 1), 1_000 + backoff(Math.min(attempt, 4), Math.random()));
}
