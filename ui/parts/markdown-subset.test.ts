// @vitest-environment node
// What build/markdown-subset.ts leaves of markdown-it reads every text as the whole of it does with the same rules.

import { createRequire } from 'node:module';
import fc from 'fast-check';
import Subset, { type Token } from 'markdown-it';
import { expect, test } from 'vitest';
import { HOSTILE } from './hostile.ts';

// Required, and so as it is published: the build replaces imports alone.
const Whole = createRequire(import.meta.url)('markdown-it') as typeof Subset;

const whole = new Whole('zero', { maxNesting: 20 })
  .enable(['blockquote', 'fence', 'list'])
  .enable(['newline', 'escape', 'backticks', 'emphasis', 'link']);
const subset = new Subset({ maxNesting: 20 });
for (const parser of [whole, subset]) {
  parser.validateLink = (address) => /^https?:/.test(address);
  parser.normalizeLink = (address) => address;
}

function shape(tokens: readonly Token[] | null): unknown[] | null {
  return (
    tokens?.map(({ type, tag, nesting, level, content, markup, hidden, attrs, children }) => {
      return { type, tag, nesting, level, content, markup, hidden, attrs, children: shape(children) };
    }) ?? null
  );
}

function same(text: string): void {
  expect(shape(subset.parse(text, {}))).toEqual(shape(whole.parse(text, {})));
}

test('it is a part, and not the whole', () => {
  expect('render' in whole).toBe(true);
  expect('render' in subset).toBe(false);
});

test('any text of what means something', { timeout: 60_000 }, () => {
  const pieces = [
    '*',
    '**',
    '_',
    '__',
    '`',
    '``',
    '```',
    '>',
    '> ',
    '- ',
    '+ ',
    '1. ',
    '12) ',
    '[',
    ']',
    '(',
    ')',
    '<',
  ];
  const others = ['\\', '!', '\n', '\n\n', '  ', '    ', '\t', 'a', 'b c', 'é', '日本', '“', '\u00a0', '\u2003', '😀'];
  const more = [
    'http://a.b',
    '](http://a.b)',
    '](<http://a.b> "t")',
    "'",
    '"',
    ':',
    '.',
    '#',
    '---',
    '~~~',
    '|',
    '\r\n',
  ];
  const text = fc.array(fc.constantFrom(...pieces, ...others, ...more), { maxLength: 40 });
  fc.assert(
    fc.property(text, (parts) => same(parts.join(''))),
    { numRuns: 2_000 },
  );
});

test('any text at all, but for entities, which stay as they are written', { timeout: 60_000 }, () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 });
  fc.assert(
    fc.property(text, (raw) => same(raw.replaceAll('&', ''))),
    { numRuns: 500 },
  );
});

test.each(HOSTILE.map((text) => [text.replaceAll('&', '').slice(0, 2_000)]))('hostile %j', (text) => {
  same(text);
});
