import { expect, test } from 'vitest';
import { forgetKeys, keysOf, readKey, writeKey } from './environment.ts';
import { PLACE, placeOf } from './place.ts';
import { MemoryStore } from './scripted.ts';

test('a place is the folder of its pages, whichever page and whatever was asked of it', () => {
  const same = (...pages: string[]) => new Set(pages.map((page) => placeOf(`https://shop.example${page}`))).size === 1;
  expect(same('/', '/desk', '/panel?lang=de#nonce', '/login')).toBe(true);
  expect(same('/w/lamps/', '/w/lamps/desk#ann@example.com', '/w/lamps/panel?1')).toBe(true);
});

test('no place is another, nor how another’s names begin', () => {
  const paths = ['/', '/chat/', '/chat/w/', '/w/lamps/', '/w/lamp/', '/w/', '/minicom/', '/w/a%20b/', '/w/a/b/'];
  const places = paths.map((path) => placeOf(`https://shop.example${path}`));
  for (const place of places) {
    expect(places.filter((other) => other.startsWith(place) || `${place}draft`.startsWith(other))).toEqual([place]);
  }
});

test('what another place keeps is neither read, listed, written nor forgotten', () => {
  const store = new MemoryStore();
  const theirs = `${placeOf('https://shop.example/elsewhere/')}draft ann`;
  store.setItem(theirs, 'theirs');
  store.setItem('draft ann', 'the host’s');
  expect([readKey(store, 'draft ann'), keysOf(store, '')]).toEqual([null, []]);
  writeKey(store, 'draft ann', 'ours');
  expect([readKey(store, 'draft ann'), keysOf(store, 'draft')]).toEqual(['ours', ['draft ann']]);
  expect(store.getItem(`${PLACE}draft ann`)).toBe('ours');
  forgetKeys(store, '', null);
  expect([...store.values]).toEqual([
    [theirs, 'theirs'],
    ['draft ann', 'the host’s'],
  ]);
});
