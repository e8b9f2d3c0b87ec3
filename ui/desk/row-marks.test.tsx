import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeAgentFrame } from '../client/decode-agent.ts';
import type { Row } from '../client/frames.ts';
import '../words/desk.ts';
import { RowFace } from './row-marks.tsx';

let root: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  root = document.createElement('div');
  document.body.append(root);
});

afterEach(() => {
  render(null, root);
  root.remove();
  vi.useRealTimers();
});

function row(ban: unknown): Row {
  const frame = decodeAgentFrame({ type: 'row', row: { email: 'eve@example.com', ban } });
  if (frame?.type !== 'row') throw new Error('no row');
  return frame.row;
}

function mark(ban: unknown): Element | null {
  act(() => render(<RowFace row={row(ban)} />, root));
  return root.querySelector('[role=img]');
}

test('a row says that its visitor is banned, why, and until when', () => {
  expect(mark(undefined)).toBe(null);
  expect(mark('spam')).toBe(null);
  const ever = mark({ reason: 'spam' });
  expect([ever?.getAttribute('aria-label'), ever?.getAttribute('title')]).toEqual(['Banned', 'Banned: spam']);
  const until = mark({ reason: '', until: '2026-02-01T10:00:00Z' });
  expect(until?.getAttribute('aria-label')).toMatch(/^Banned until /);
  expect(until?.getAttribute('title')).toBe(until?.getAttribute('aria-label'));
});

test('a ban that ends by itself is no mark any more, without a word of the server', () => {
  expect(mark({ reason: '', until: '2026-01-31T10:01:00Z' })).not.toBe(null);
  act(() => void vi.advanceTimersByTime(80_000));
  expect(root.querySelector('[role=img]')).toBe(null);
});
