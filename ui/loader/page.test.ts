import { afterEach, expect, test, vi } from 'vitest';
import { memoryOf } from './memory.ts';
import { titleCount } from './page.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('the count stands before whatever the title is, and goes', async () => {
  document.title = 'Lamps';
  const title = titleCount();
  title('');
  expect(document.title).toBe('Lamps');
  title('2');
  expect(document.title).toBe('(2) Lamps');
  title('3');
  expect(document.title).toBe('(3) Lamps');
  document.title = 'Cart';
  await vi.waitFor(() => expect(document.title).toBe('(3) Cart'));
  title('');
  expect(document.title).toBe('Cart');
});

test('a panel that was left open stays so for a while, one that was closed is known', () => {
  vi.useFakeTimers();
  const memory = memoryOf('https://desk.example/');
  expect(memory.read()).toBe(null);
  memory.write(true);
  vi.advanceTimersByTime(29 * 60_000);
  expect(memory.read()).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(memory.read()).toBe(false);
  memory.write(false);
  expect(memory.read()).toBe(false);
  expect(memoryOf('https://other.example/').read()).toBe(null);
  memory.clear();
  expect([memory.read(), localStorage.length]).toEqual([null, 0]);
});

test('where storage throws, nothing was ever opened', () => {
  vi.stubGlobal('localStorage', undefined);
  const memory = memoryOf('https://desk.example/');
  memory.write(true);
  memory.clear();
  expect(memory.read()).toBe(null);
});
