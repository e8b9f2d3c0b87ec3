import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pieces, places } from './highlight.tsx';

const bytes = (text: string) => new TextEncoder().encode(text).length;

test('places in bytes become places in the string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), fc.string(), (a, b, c) => {
      const found = places(a + b + c, [[bytes(a), bytes(a + b)]]);
      expect(found).toEqual([[a.length, a.length + b.length]]);
    }),
  );
});

test('the part around the first place is shown, the places in it marked', () => {
  const content = `${'so much before it '.repeat(10)}größer 😀 invoice and größer again`;
  const at = (word: string, from = 0): [number, number] => {
    const start = content.indexOf(word, from);
    return [bytes(content.slice(0, start)), bytes(content.slice(0, start + word.length))];
  };
  const cut = pieces({ content, highlights: [at('invoice'), at('größer')] });
  expect(cut.filter(({ found }) => found).map(({ text }) => text)).toEqual(['größer', 'invoice']);
  expect(cut[0]?.text).toBe('…');
  expect(cut.map(({ text }) => text).join('')).toMatch(/^….{0,40}größer 😀 invoice and größer again$/u);
});

test('whatever places come, the text stays whole and in order', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.array(fc.tuple(fc.integer(), fc.integer())), (content, highlights) => {
      const all = pieces({ content, highlights })
        .map(({ text }) => text)
        .join('')
        .replace(/^…|…$/g, '');
      expect(content.endsWith(all) || content.includes(all)).toBe(true);
    }),
  );
});
