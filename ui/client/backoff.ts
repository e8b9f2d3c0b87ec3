// When to come back: exponential backoff with full jitter, and what a close code asks for. No timers here.

const BASE_MS = 500;
const CAP_MS = 30_000;

/** Full jitter: anything between nothing and the doubled window, so that a restart is not met by everybody at once. */
export function backoff(attempt: number, random: number): number {
  return Math.round(random * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 16)));
}

export type CloseAdvice = { kind: 'return'; afterMs: number } | { kind: 'stay_away'; code: number; name: string };

/** The reason of a close frame is `name` or `name;retry_after_ms=1500`. */
export function closeAdvice(code: number, reason: string): CloseAdvice {
  const [name = '', ...parameters] = reason.split(';');
  if (code >= 4500 && code <= 4999) return { kind: 'stay_away', code, name: name || String(code) };
  for (const parameter of parameters) {
    const [key, value] = parameter.split('=');
    const ms = Number(value);
    if (key?.trim() === 'retry_after_ms' && Number.isFinite(ms) && ms > 0) return { kind: 'return', afterMs: ms };
  }
  return { kind: 'return', afterMs: 0 };
}
