import { expect, test } from 'vitest';
import { HOSTILE } from '../parts/hostile.ts';
import { preview } from './preview.ts';

test.each([
  ['plain', 'plain'],
  ['**Here**: [the guide](https://example.com), not `that`', 'Here: the guide, not that'],
  ['```rust\nlet a = 1;\n```', 'let a = 1;'],
  ['Two:\n\n- one\n- two\n\n> quoted', 'Two: one two quoted'],
  ['1. first\n2. second', '1. first 2. second'],
  ['2 * 3 * 4 = 24, snake_case_name, -1', '2 * 3 * 4 = 24, snake_case_name, -1'],
  ['**bold *and* so on', '**bold and so on'],
  ['```', '```'],
])('%j is shown as %j', (text, shown) => {
  expect(preview(text)).toBe(shown);
});

test('whatever somebody wrote, there is something to show', () => {
  for (const text of [...HOSTILE, '*'.repeat(200), '[('.repeat(100), '`_*'.repeat(66)]) {
    const shown = preview(text.slice(0, 200));
    expect(shown.length).toBeLessThanOrEqual(200);
    if (text.slice(0, 200).trim() !== '') expect(shown.trim()).not.toBe('');
  }
});
