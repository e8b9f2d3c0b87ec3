// Asks the host who is at the screen until it answers.

import { signal } from '@preact/signals';
import { backoff } from '../client/backoff.ts';
import { askSession, type Session } from '../client/session.ts';

/** Null until the first answer. */
export const session = signal<Session | null>(null);

/** Asking anew makes what was asked before void. */
let asked = 0;

/** `token`: what the visitor is known by instead of cookies. */
export async function loadSession(token?: string): Promise<void> {
  asked += 1;
  const mine = asked;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await askSession(window.fetch.bind(window), document.baseURI, token);
    if (mine !== asked) return;
    session.value = answer;
    if (answer.kind !== 'unreachable') return;
    // At least a second apart: unlike a lost socket, nothing is waiting to be sent.
    const wait = 1_000 + backoff(Math.min(attempt, 4), Math.random());
    await new Promise((wake) => window.setTimeout(wake, wait));
    if (mine !== asked) return;
  }
}
