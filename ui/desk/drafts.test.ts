import { expect, test } from 'vitest';
import { brokenStore, MemoryStore } from '../client/scripted.ts';
import { DeskDrafts, draftKey } from './drafts.ts';

test('where storage is refused, or full, the page keeps it', () => {
  for (const place of [null, brokenStore]) {
    const drafts = new DeskDrafts(place);
    drafts.write('a', 'half a thou');
    expect(drafts.read('a')).toBe('half a thou');
    drafts.write('a', '');
    expect(drafts.read('a')).toBe('');
  }
});

test('what another tab cleared does not come back', () => {
  const browser = new MemoryStore();
  const [here, there] = [new DeskDrafts(browser), new DeskDrafts(browser)];
  here.write('a', 'half a thou');
  there.write('a', '');
  expect(here.read('a')).toBe('');
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
