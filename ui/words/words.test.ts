import { afterEach, describe, expect, test } from 'vitest';
import { words as ar } from './ar.ts';
import { words as de } from './de.ts';
import { words as en } from './en.ts';
import { words as es } from './es.ts';
import { words as fr } from './fr.ts';
import { choose, locale, speak, words } from './index.ts';
import { words as ja } from './ja.ts';
import { words as pseudo } from './pseudo.ts';
import { words as pt } from './pt.ts';

const FILES = { ar, de, es, fr, ja, pt, pseudo };
const NUMBERS = [0, 1, 2, 3, 11, 100, 1_000_000];
/** Names of keys and what is the same word everywhere. */
const MAY_BE_EQUAL = /^(key|ai$|byAi$)/;

afterEach(() => speak(['en']));

describe.each(Object.entries(FILES))('%s', (_, file) => {
  test('lacks nothing and has nothing of its own', () => {
    expect(Object.keys(file).sort()).toEqual(Object.keys(en).sort());
    for (const [key, value] of Object.entries(file)) {
      expect(typeof value, key).toBe(typeof Reflect.get(en, key));
      if (typeof value === 'string') expect(value.trim(), key).not.toBe('');
    }
  });

  test('says what it is given', () => {
    expect(file.isTyping('Ann')).toContain('Ann');
    expect(file.conversationWith('Ann')).toContain('Ann');
    expect(file.newConversation('Ann')).toContain('Ann');
    expect(file.serverClosed('why')).toContain('why');
    for (const n of NUMBERS) {
      for (const said of [file.newMessages(n), file.unreadCount(n), file.heldBack(n)]) {
        expect(said).not.toContain('#');
        expect(said).not.toContain('undefined');
      }
    }
  });

  test('does not leave English standing', () => {
    const same = Object.entries(file).filter(
      ([key, value]) => typeof value === 'string' && value === Reflect.get(en, key) && !MAY_BE_EQUAL.test(key),
    );
    // Words that two languages share.
    expect(same.length).toBeLessThanOrEqual(8);
  });
});

test('plurals follow the language', () => {
  expect([1, 2].map(en.newMessages)).toEqual(['1 new message', '2 new messages']);
  expect([0, 1, 2].map(fr.newMessages)).toEqual(['0 nouveau message', '1 nouveau message', '2 nouveaux messages']);
  expect(new Set([1, 2, 3, 11, 100].map((n) => ar.newMessages(n).replace(/[\d٠-٩]+/, ''))).size).toBe(4);
  expect(de.newMessages(1_234)).toBe('1.234 neue Nachrichten');
});

test('a name cannot turn the sentence around', () => {
  const said = en.isTyping('\u202eevil');
  expect(said).not.toContain('\u202e');
  expect(said).toBe('\u2068evil\u2069 is typing');
  expect(en.isTyping('Ann')).toBe('Ann is typing');
});

test.each([
  [['de-AT'], { language: 'de', tag: 'de-AT' }],
  [['pt_BR', 'en'], { language: 'pt', tag: 'pt-BR' }],
  [['pl', 'fr-CA', 'de'], { language: 'fr', tag: 'fr-CA' }],
  [['en-XA'], { language: 'en-XA', tag: 'en-XA' }],
  [['en-GB', 'de'], { language: 'en', tag: 'en-GB' }],
  [[null, undefined, '', '<script>', 'constructor', 'pl'], { language: 'en', tag: 'en' }],
])('%j', (wishes, expected) => {
  expect(choose(wishes)).toEqual(expected);
});

test('the page turns to the language', async () => {
  await speak(['ar-EG']);
  expect(words.value.send).toBe(ar.send);
  expect(document.documentElement.dir).toBe('rtl');
  expect(document.documentElement.lang).toBe('ar-EG');
  expect(locale.value).toBe('ar-EG');
  await speak(['ja']);
  expect(document.documentElement.dir).toBe('ltr');
  expect(words.value.send).toBe(ja.send);
});
