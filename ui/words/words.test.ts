import { afterEach, describe, expect, test } from 'vitest';
import { languageOf } from '../loader/words.ts';
import { words as arDesk } from './ar.ts';
import { words as deDesk } from './de.ts';
import { words as enDesk } from './en.ts';
import { words as esDesk } from './es.ts';
import { words as frDesk } from './fr.ts';
import { words as jaDesk } from './ja.ts';
import { words as pseudoDesk } from './pseudo.ts';
import { words as ptDesk } from './pt.ts';
import './desk.ts';
import { choose, locale, speak, words } from './index.ts';
import * as launcher from './launcher.ts';
import { login as arLogin } from './login/ar.ts';
import { login as deLogin } from './login/de.ts';
import { login as enLogin } from './login/en.ts';
import { login as esLogin } from './login/es.ts';
import { login as frLogin } from './login/fr.ts';
import { login as jaLogin } from './login/ja.ts';
import { login as pseudoLogin } from './login/pseudo.ts';
import { login as ptLogin } from './login/pt.ts';
import { loginWords, speakLogin } from './login-words.ts';
import { words as arShared } from './shared/ar.ts';
import { words as deShared } from './shared/de.ts';
import { words as enShared } from './shared/en.ts';
import { words as esShared } from './shared/es.ts';
import { words as frShared } from './shared/fr.ts';
import { words as jaShared } from './shared/ja.ts';
import { words as pseudoShared } from './shared/pseudo.ts';
import { words as ptShared } from './shared/pt.ts';

const en = { ...enShared, ...enDesk };
const ar = { ...arShared, ...arDesk };
const de = { ...deShared, ...deDesk };
const fr = { ...frShared, ...frDesk };
const ja = { ...jaShared, ...jaDesk };
const FILES = {
  ar,
  de,
  es: { ...esShared, ...esDesk },
  fr,
  ja,
  pt: { ...ptShared, ...ptDesk },
  pseudo: { ...pseudoShared, ...pseudoDesk },
};
const NUMBERS = [0, 1, 2, 3, 11, 100, 1_000_000];
/** Names of keys and what is the same word everywhere. */
const MAY_BE_EQUAL = /^(key|ai$|byAi$)/;

afterEach(() => speak(['en']));

const LOGIN = { ar: arLogin, de: deLogin, es: esLogin, fr: frLogin, ja: jaLogin, pt: ptLogin, pseudo: pseudoLogin };

test.each(Object.entries(LOGIN))('the login’s page lacks nothing: %s', (_, file) => {
  expect(Object.keys(file).sort()).toEqual(Object.keys(enLogin).sort());
  for (const [key, value] of Object.entries(file)) {
    if (typeof value === 'string') {
      expect(value.trim(), key).not.toBe('');
      expect(value, key).not.toBe(Reflect.get(enLogin, key));
    }
  }
  expect(file.joinAs('ann@example.com')).toContain('ann@example.com');
  expect(file.locked(14)).not.toContain('#');
});

test('the login’s page speaks the language of the page', async () => {
  await speak(['de-AT']);
  await speakLogin();
  expect(loginWords.value.signIn).toBe(deLogin.signIn);
});

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

test('the launcher speaks all languages, and calls things as the panel does', () => {
  const { pseudo: _pseudo, ...spoken } = { en, ...FILES };
  expect(Object.keys(launcher).sort()).toEqual(Object.keys(spoken).sort());
  for (const [language, said] of Object.entries(launcher)) {
    const { supportChat, closeChat } = Reflect.get(spoken, language) as typeof en;
    expect([said.panel, said.close]).toEqual([supportChat, closeChat]);
    expect(Object.keys(said)).toEqual(Object.keys(launcher.en));
    expect(languageOf([`${language}-XX`])).toBe(language);
  }
});

test.each([
  [['tlh', 'de-AT'], 'de'],
  [[undefined, 'pt_BR', 'en'], 'pt'],
  [['FR'], 'fr'],
  [['est', 'arn', 'x-de'], 'en'],
  [[], 'en'],
])('of %j the launcher speaks %s', (wishes, language) => {
  expect(languageOf(wishes)).toBe(language);
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
