// When the page around ours is asked for a token: none is believed, the socket says that it has ended, or it will end soon.

import { effect } from '@preact/signals';
import { backoff } from '../client/backoff.ts';
import { session } from '../parts/session-state.ts';
import { expired } from './visitor-state.ts';

/** A token is renewed after this part of its life, while there is time to try again. */
const EARLY = 0.8;
/** Longer waits overflow a timer. */
const LONGEST_MS = 2 ** 31 - 1;

export function keepTokenFresh(ask: () => void): void {
  let timer: number | undefined;
  let refused = 0;
  const after = (ms: number, run: () => void) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, Math.min(ms, LONGEST_MS));
  };
  effect(() => {
    const now = session.value;
    if (now?.kind === 'signed_out') {
      // One that is refused at once is not asked for at once again.
      after(refused === 0 ? 0 : 1_000 + backoff(Math.min(refused, 5), Math.random()), ask);
      refused += 1;
    } else if (now?.kind === 'known') {
      refused = 0;
      if (now.token !== undefined && now.expiresIn !== null) after(now.expiresIn * EARLY, ask);
    }
  });
  effect(() => {
    if (expired.value > 0) ask();
  });
}
