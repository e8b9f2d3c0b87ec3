import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../parts/session-state.ts';
import { keepTokenFresh } from './token.ts';
import { expired } from './visitor-state.ts';

const known = { kind: 'known', role: 'user', email: 'ann', owner: 'shop\nann', name: null } as const;
const ask = vi.fn();

vi.useFakeTimers();
keepTokenFresh(ask);

beforeEach(() => {
  session.value = { ...known, expiresIn: null };
  vi.runAllTimers();
  ask.mockClear();
});

test('one who is nobody asks at once, and less and less often while tokens are refused', () => {
  const waits: number[] = [];
  for (let refusal = 0; refusal < 4; refusal += 1) {
    const since = Date.now();
    session.value = { kind: 'signed_out' };
    vi.runAllTimers();
    waits.push(Date.now() - since);
  }
  expect(ask).toHaveBeenCalledTimes(4);
  expect(waits[0]).toBe(0);
  for (const wait of waits.slice(1)) expect(wait).toBeGreaterThanOrEqual(1_000);
});

test('a token that ends is asked for after four fifths of its life, and once', () => {
  session.value = { ...known, token: 'first', expiresIn: 10_000 };
  vi.advanceTimersByTime(7_999);
  expect(ask).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(ask).toHaveBeenCalledOnce();
  session.value = { ...known, token: 'second', expiresIn: 20_000 };
  vi.advanceTimersByTime(15_999);
  expect(ask).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(1);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('cookies and endless tokens are not asked for', () => {
  session.value = { ...known, expiresIn: 1_000 };
  vi.runAllTimers();
  session.value = { ...known, token: 'endless', expiresIn: null };
  vi.runAllTimers();
  expect(ask).not.toHaveBeenCalled();
});

test('so is one that the socket says has ended', () => {
  expired.value += 1;
  expect(ask).toHaveBeenCalledOnce();
});
