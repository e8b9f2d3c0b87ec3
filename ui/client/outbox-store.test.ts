// @vitest-environment node
// The shared place for unsent messages, on an IndexedDB in memory; locks by hand, so that a test can let a tab die.

import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Environment } from './environment.ts';
import type { ClientFrame } from './frames.ts';
import { Outbox } from './outbox.ts';
import { forgetDatabase, forgetOthers, SharedOutbox, TabOutbox } from './outbox-store.ts';
import { brokenStore, MemoryStore } from './scripted.ts';

const KEY = 'minicom.outbox.user.ann';

/** As `navigator.locks`: one holder for each name, the others wait in order. */
class Locks {
  #held = new Map<string, Promise<unknown>>();

  request(name: string, options: unknown, run?: (lock: unknown) => Promise<unknown>): Promise<unknown> {
    const work = run ?? (options as (lock: unknown) => Promise<unknown>);
    if ((Object(options) as LockOptions).ifAvailable) return work(this.#held.has(name) ? null : {});
    const held = (this.#held.get(name) ?? Promise.resolve()).then(() => work({}));
    const ended = held
      .catch(() => {})
      .then(() => {
        if (this.#held.get(name) === ended) this.#held.delete(name);
      });
    this.#held.set(name, ended);
    return held;
  }
}

class Tab {
  readonly sent: string[] = [];
  readonly outbox: Outbox;
  readonly storage = new MemoryStore();
  #ids = 0;

  constructor(name: string, key = KEY) {
    const environment = {
      clock: { now: () => Date.now(), setTimeout, clearTimeout, random: () => 1 },
      newId: () => {
        this.#ids += 1;
        return `${name}-${this.#ids}`;
      },
      outbox: () => new SharedOutbox(name, this.storage),
    } as unknown as Environment;
    const send = (frame: ClientFrame) => {
      if (frame.type === 'message') this.sent.push(frame.message);
      return true;
    };
    this.outbox = new Outbox(environment, key, send, () => {});
  }

  get waiting(): string[] {
    return this.outbox.pending('').map((entry) => entry.text);
  }

  id(text: string): string {
    return this.outbox.pending('').find((entry) => entry.text === text)?.client_id ?? '';
  }
}

const tabs: Tab[] = [];
function open(name: string, key?: string): Tab {
  const tab = new Tab(name, key);
  tabs.push(tab);
  return tab;
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { locks: new Locks() });
});

afterEach(() => {
  for (const tab of tabs.splice(0)) tab.outbox.close();
  vi.unstubAllGlobals();
});

const settled = () => new Promise((done) => setTimeout(done, 40));

describe('one tab', () => {
  test('what is not sent outlives it, in its order', async () => {
    const before = open('a');
    for (const text of ['one', 'two', 'three']) before.outbox.add('', text);
    await settled();
    before.outbox.confirm(before.id('two'));
    await settled();
    before.outbox.close();
    await settled();
    const after = open('b');
    after.outbox.resume();
    expect(after.sent).toEqual([]);
    await vi.waitFor(() => expect(after.waiting).toEqual(['one', 'three']));
    await vi.waitFor(() => expect(after.sent).toEqual(['one']));
  });

  test('what is said before the database answers leaves behind what was kept', async () => {
    const before = open('a');
    before.outbox.add('', 'old');
    await settled();
    before.outbox.close();
    await settled();
    const after = open('b');
    after.outbox.resume();
    after.outbox.add('', 'new');
    expect(after.waiting).toEqual(['new']);
    await vi.waitFor(() => expect(after.sent).toEqual(['old']));
    after.outbox.confirm(after.id('old'));
    expect(after.sent).toEqual(['old', 'new']);
  });

  test('one that failed keeps its place, a retried one goes behind', async () => {
    const before = open('a');
    before.outbox.add('', 'one');
    before.outbox.add('', 'two');
    await settled();
    before.outbox.refuse({ type: 'error', code: 'forbidden', message: '', client_id: before.id('one') });
    await settled();
    expect((await new SharedOutbox('look', null).open(KEY, () => {})).entries.map(({ text }) => text)).toEqual([
      'one',
      'two',
    ]);
    before.outbox.retry(before.id('one'));
    await settled();
    expect((await new SharedOutbox('look', null).open(KEY, () => {})).entries.map(({ text }) => text)).toEqual([
      'two',
      'one',
    ]);
  });

  test.each([
    [
      'refuses to open',
      () => ({
        open: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
    ],
    ['is not there', () => undefined],
  ])('a database that %s: the tab keeps it', async (_, database) => {
    vi.stubGlobal('indexedDB', database());
    const tab = open('a');
    tab.outbox.resume();
    tab.outbox.add('', 'kept');
    await vi.waitFor(() => expect(tab.sent).toEqual(['kept']));
    await vi.waitFor(() => expect(tab.storage.getItem(KEY)).toContain('kept'));
    tab.outbox.confirm(tab.id('kept'));
    await vi.waitFor(() => expect(tab.storage.getItem(KEY)).toBe(null));
  });

  test('what the tab kept moves to the database when there is one again', async () => {
    const storage = new MemoryStore();
    const entry = { client_id: 'x', to: '', text: 'kept', timestamp: '2026-01-31T10:00:00Z', failed: null };
    storage.setItem(KEY, JSON.stringify([entry]));
    const store = new SharedOutbox('a', storage);
    expect((await store.open(KEY, () => {})).entries).toEqual([entry]);
    expect(storage.getItem(KEY)).toBe(null);
    store.close();
  });

  test('where nothing can be kept, nothing fails', async () => {
    const store = new TabOutbox(brokenStore);
    expect(store.open(KEY).entries).toEqual([]);
    store.keep([]);
    store.remove('x');
    await store.clear();
  });
});

describe('two tabs', () => {
  test('each shows what the other has to send, and sends its own alone', async () => {
    const [a, b] = [open('a'), open('b')];
    await settled();
    a.outbox.resume();
    b.outbox.resume();
    a.outbox.add('', 'from a');
    await vi.waitFor(() => expect(b.waiting).toEqual(['from a']));
    b.outbox.add('', 'from b');
    await vi.waitFor(() => expect(a.waiting.sort()).toEqual(['from a', 'from b']));
    await settled();
    expect([a.sent, b.sent]).toEqual([['from a'], ['from b']]);
    a.outbox.confirm(a.id('from a'));
    await vi.waitFor(() => expect(b.waiting).toEqual(['from b']));
  });

  test('when one goes, one other sends what it has left', async () => {
    const [a, b, c] = [open('a'), open('b'), open('c')];
    await settled();
    b.outbox.resume();
    c.outbox.resume();
    a.outbox.add('', 'left behind');
    await settled();
    expect([...b.sent, ...c.sent]).toEqual([]);
    a.outbox.close();
    await vi.waitFor(() => expect([...b.sent, ...c.sent]).toEqual(['left behind']));
    await settled();
    expect([...b.sent, ...c.sent]).toEqual(['left behind']);
  });

  test('a failed one is retried or discarded from either', async () => {
    const [a, b] = [open('a'), open('b')];
    await settled();
    a.outbox.resume();
    b.outbox.resume();
    for (const text of ['again', 'away']) {
      const { client_id } = a.outbox.add('', text);
      a.outbox.refuse({ type: 'error', code: 'forbidden', message: '', client_id });
    }
    await vi.waitFor(() => expect(b.waiting).toEqual(['again', 'away']));
    b.outbox.retry(b.id('again'));
    b.outbox.discard(b.id('away'));
    await vi.waitFor(() => expect(a.waiting).toEqual(['again']));
    expect(b.sent).toEqual(['again']);
    await settled();
    expect(a.sent).toEqual(['again', 'away']);
  });
});

describe('leaving', () => {
  test('nothing is left of one who clears, in the other tab neither', async () => {
    const [a, b] = [open('a'), open('b')];
    a.outbox.add('', 'mine');
    await vi.waitFor(() => expect(b.waiting).toEqual(['mine']));
    await a.outbox.clear();
    await vi.waitFor(() => expect(b.waiting).toEqual([]));
    expect((await new SharedOutbox('look', null).open(KEY, () => {})).entries).toEqual([]);
  });

  test('who comes next forgets what others have left, and nothing of his own or of the agents', async () => {
    const keys = ['minicom.outbox.user.ann', 'minicom.outbox.user.ben', 'minicom.outbox.admin.ann'];
    for (const key of keys) {
      const tab = open(key, key);
      tab.outbox.add('', 'text');
      await settled();
      tab.outbox.close();
    }
    await forgetOthers('minicom.outbox.user.ben', 'minicom.outbox.user.');
    const counts = keys.map(
      async (key) => (await new SharedOutbox(`look ${key}`, null).open(key, () => {})).entries.length,
    );
    expect(await Promise.all(counts)).toEqual([0, 1, 1]);
  });

  test('an empty database goes too, one that holds something stays', async () => {
    const tab = open('a');
    tab.outbox.add('', 'text');
    await settled();
    await forgetDatabase();
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['minicom']);
    await tab.outbox.clear();
    tab.outbox.close();
    await settled();
    await forgetDatabase();
    expect(await indexedDB.databases()).toEqual([]);
  });
});
