import { describe, expect, test } from 'vitest';
import { Drafts } from './drafts.ts';
import { PLACE } from './place.ts';
import { brokenStore, MemoryStore } from './scripted.ts';

describe('a draft', () => {
  test('is the tab’s own, and what a new tab begins with', () => {
    const browser = new MemoryStore();
    const tabs = [new MemoryStore(), new MemoryStore()].map((tab) => new Drafts(tab, browser));
    tabs[0]?.write('draft', 'first');
    expect(tabs[1]?.read('draft')).toBe('first');
    tabs[1]?.write('draft', 'second');
    expect(tabs.map((drafts) => drafts.read('draft'))).toEqual(['first', 'second']);
    expect(new Drafts(new MemoryStore(), browser).read('draft')).toBe('second');
  });

  test('that is sent leaves nothing', () => {
    const stores = [new MemoryStore(), new MemoryStore()] as const;
    const drafts = new Drafts(...stores);
    drafts.write('draft', 'text');
    drafts.write('draft', '');
    expect(stores.map(({ length }) => length)).toEqual([0, 0]);
  });

  test('is none where nothing can be kept', () => {
    const drafts = new Drafts(brokenStore, null);
    drafts.write('draft', 'text');
    expect(drafts.read('draft')).toBe('');
  });

  test('of another tab is heard of, until one listens no more', () => {
    const drafts = new Drafts(null, new MemoryStore());
    const heard: string[][] = [];
    const stop = drafts.follow('draft', (...change) => heard.push(change));
    const change = (key: string, oldValue: string | null, newValue: string | null) =>
      window.dispatchEvent(new StorageEvent('storage', { key: PLACE + key, oldValue, newValue }));
    change('draft', null, 'a');
    change('other', null, 'x');
    change('draft', 'a', null);
    stop();
    change('draft', null, 'b');
    expect(heard).toEqual([
      ['a', ''],
      ['', 'a'],
    ]);
  });
});
