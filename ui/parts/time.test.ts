import { expect, test } from 'vitest';
import { dayName, instant, listTime } from './time.ts';

test('six digits of a second are read', () => {
  expect(instant('2026-01-31T09:30:00.123456+00:00').toISOString()).toBe('2026-01-31T09:30:00.123Z');
});

test('days are local calendar days, not spans of 24 hours', () => {
  const now = new Date(2026, 0, 31, 0, 10);
  const local = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
  expect(dayName(local(2026, 0, 31, 0, 5), now)).toBe('Today');
  expect(dayName(local(2026, 0, 30, 23, 50), now)).toBe('Yesterday');
  expect(dayName(local(2026, 0, 29, 23, 50), now)).toMatch(/^\p{L}+$/u);
  expect(dayName(local(2025, 5, 1, 12, 0), now)).toContain('2025');
  expect(listTime(local(2026, 0, 30, 23, 50), now)).toBe('Yesterday');
});

test('what is no time is nothing', () => {
  expect(dayName('soon', new Date())).toBe('');
  expect(listTime('', new Date())).toBe('');
});
