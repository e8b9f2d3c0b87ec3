// A visitor of whom nobody knows who he is: once he has opened the chat, the server is asked for a name of his own, in a token
// that this browser keeps. Tabs share it. Loaded where it is needed; what it needs of the page is handed to it, so that
// nothing of that is loaded apart.

import type { Anonymity } from './visitor-state.ts';

/** A token is renewed when half of its life is over, so that who comes now and then is known for as long as he does. */
const EARLY = 0.5;
/** For a token that does not end. */
const LONGEST_MS = 365 * 24 * 3_600_000;
const LONGEST_WAIT_MS = 30_000;

/** From now on, whenever nobody is known here. */
export function beAnonymous(page: Anonymity): void {
  const { effect, session, opened, expired, vouchedFor } = page;
  let failures = 0;
  let retry: number | undefined;
  effect(() => {
    const wanted = session.value?.kind === 'anonymous' && vouchedFor.value.token === undefined;
    if (wanted && (opened.value || page.kept())) void become();
  });
  effect(() => {
    // Nobody believes it any more: he begins anew.
    if (session.value?.kind === 'signed_out' && vouchedFor.peek().token === undefined) leave();
  });
  effect(() => {
    const now = expired.value > 0 ? session.peek() : null;
    // Somebody was identified, in another tab perhaps; or he was away for too long.
    if (now?.kind === 'known' && now.email.startsWith('anon-')) leave(now.token);
  });

  /** `token`: what must be forgotten; another tab may have another one by now. */
  function leave(token = page.kept()): void {
    if (!token) return;
    if (page.kept() === token) page.keep();
    session.value = null;
    void page.loadSession(vouchedFor.peek().token);
  }

  async function become(): Promise<void> {
    clearTimeout(retry);
    const token = await alone(page, () => tokenOfOurs(page));
    if (!isNobody(page)) return;
    if (token) {
      failures = 0;
      await page.loadSession(token);
    } else {
      failures += 1;
      retry = window.setTimeout(become, Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2));
    }
  }
}

/** Who has been identified meanwhile is not. */
function isNobody({ session, vouchedFor }: Anonymity): boolean {
  return session.peek()?.kind === 'anonymous' && vouchedFor.peek().token === undefined;
}

/** One tab at a time, so that two that open at once find the same visitor. Locks exist on secure origins only. */
function alone<T>({ PLACE }: Anonymity, run: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request(`${PLACE}anonymous`, run) : run();
}

/** Undefined: not now. */
async function tokenOfOurs(page: Anonymity): Promise<string | undefined> {
  const kept = page.kept();
  if (kept !== undefined && Number(page.kept(1)) > Date.now()) return kept;
  const made = await make(kept);
  // One that cannot be renewed now is good all the same.
  if (made === null) return kept;
  // Where there are no locks, another tab may have been faster.
  const faster = page.kept();
  if (faster !== undefined && faster !== kept) return faster;
  // What nobody needs any more would stay for ever.
  if (!isNobody(page)) return undefined;
  page.keep(`${made.token} ${made.renewAt}`);
  return made.token;
}

interface Made {
  token: string;
  renewAt: number;
}

async function make(kept?: string): Promise<Made | null> {
  try {
    const headers = new Headers(kept === undefined ? {} : { authorization: `Bearer ${kept}` });
    const answer = await fetch(new URL('api/visitor', document.baseURI), { method: 'POST', headers });
    const { token, expires_in_ms } = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok || typeof token !== 'string') return null;
    return { token, renewAt: Date.now() + Number(expires_in_ms ?? LONGEST_MS) * EARLY };
  } catch {
    return null;
  }
}
