import { beforeEach, expect, test } from 'vitest';
import type { KeyValueStore } from '../client/environment.ts';
import { draftKey, draftStore } from './drafts.ts';

beforeEach(() => localStorage.clear());

test('a draft is kept in the browser, and what was sent or cleared is gone', () => {
  draftStore().write('a', 'half a thou');
  expect(draftStore().read('a')).toBe('half a thou');
  draftStore().write('a', '');
  expect(draftStore().read('a')).toBe(null);
});

test('where storage is refused, or full, the page keeps it', () => {
  const full: KeyValueStore = {
    length: 0,
    key: () => null,
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
    removeItem: () => {},
  };
  for (const place of [null, full]) {
    const store = draftStore(() => place);
    store.write('a', 'half a thou');
    expect(store.read('a')).toBe('half a thou');
    store.write('a', '');
    expect(store.read('a')).toBe(null);
  }
});

test('what another tab cleared does not come back', () => {
  const [here, there] = [draftStore(), draftStore()];
  here.write('a', 'half a thou');
  there.write('a', '');
  expect(here.read('a')).toBe(null);
});

test('agents and conversations do not share a draft', () => {
  const keys = [
    draftKey('bo', 'ann'),
    draftKey('bo', 'ben'),
    draftKey('cy', 'ann'),
    draftKey('bo.ann', ''),
    draftKey('bo', 'ann.'),
    draftKey('bo/ann', ''),
    draftKey('bo', 'ann/'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
