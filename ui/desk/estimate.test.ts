import { expect, test } from 'vitest';
import type { BubbleItem } from '../parts/thread-items.ts';
import { estimate } from './estimate.ts';

const WIDE = 752;
const BUBBLE: BubbleItem = {
  kind: 'bubble',
  key: 'k',
  mine: false,
  sender: 'user',
  name: null,
  text: 'short',
  timestamp: '2026-01-31T09:30:00.123456+00:00',
  seq: 1,
  clientId: null,
  startsRun: false,
  endsRun: false,
  delivery: null,
  failure: null,
};

test('a line is as tall as what stands in it', () => {
  expect(estimate(BUBBLE, WIDE, null)).toBe(40);
  expect(estimate({ ...BUBBLE, endsRun: true }, WIDE, null)).toBe(59);
  expect(estimate({ ...BUBBLE, startsRun: true }, WIDE, null)).toBe(68);
  expect(estimate({ ...BUBBLE, startsRun: true, mine: true }, WIDE, null)).toBe(50);
  expect(estimate({ ...BUBBLE, startsRun: true, mine: true, name: 'Bo' }, WIDE, 'Bo')).toBe(50);
  expect(estimate({ ...BUBBLE, startsRun: true, mine: true, name: 'Cy' }, WIDE, 'Bo')).toBe(68);
  expect(estimate({ kind: 'day', key: 'd', timestamp: BUBBLE.timestamp }, WIDE, null)).toBe(32);
});

test('text takes the lines that it needs', () => {
  const lines = (text: string, width = WIDE) => (estimate({ ...BUBBLE, text }, width, null) - 18) / 22;
  expect(lines('')).toBe(1);
  expect(lines('a\nb\n')).toBe(3);
  expect(lines('word '.repeat(30).trim())).toBe(2);
  expect(lines('x'.repeat(400))).toBe(Math.ceil(400 / 79));
  // Words stay whole: two of fifty letters do not stand in one line of 79.
  expect(lines(`${'a'.repeat(50)} ${'b'.repeat(50)}`)).toBe(2);
  expect(lines(`${'a'.repeat(50)} ${'b'.repeat(50)} ${'c'.repeat(10)}`)).toBe(2);
  expect(lines('word '.repeat(30), 300)).toBeGreaterThan(lines('word '.repeat(30)));
  expect(lines('word', 0)).toBe(1);
});
