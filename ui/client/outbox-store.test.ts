// @vitest-environment node
// The shared place for unsent messages, on an IndexedDB in memory; locks by hand, so that a test can let a tab die.

import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Environment } from './environment.ts';
import type { ClientFrame } from './frames.ts';
import { Outbox } from './outbox.ts';
import { forgetDatabase, forgetOthers, SharedOutbox } from './outbox-store.ts';
import { PLACE } from './place.ts';
import { brokenStore, MemoryStore } from './scripted.ts';

// There is no page here, and what is kept is named after one.
vi.hoisted(() => vi.stubGlobal('document', { baseURI: 'http://shop.example/chat/' }));

const KEY = 'user ann';

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

/** What all tabs of the browser share. */
let storage: MemoryStore;

class Tab {
  readonly sent: string[] = [];
  readonly outbox: Outbox;
  #ids = 0;

  constructor(name: string, key = KEY) {
    const environment = {
      clock: { now: () => Date.now(), setTimeout, clearTimeout, random: () => 1 },
      newId: () => {
        this.#ids += 1;
        return `${name}-${this.#ids}`;
      },
      outbox: () => new SharedOutbox(name, storage),
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
  storage = new MemoryStore();
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { locks: new Locks() });
});

afterEach(() => {
  for (const tab of tabs.splice(0)) tab.outbox.close();
  vi.unstubAllGlobals();
});

/** The machine loses power: what was still to be done is never done, locks are free, what was stored is there. */
function endBrowser(): void {
  const lost = new MemoryStore();
  for (const [key, value] of storage.values) lost.setItem(key, value);
  storage = lost;
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { locks: new Locks() });
}

async function inDatabase(): Promise<string[]> {
  const look = new SharedOutbox('look', null);
  const { entries } = await look.open(KEY, () => {});
  return entries.map(({ text }) => text);
}

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
    expect(await inDatabase()).toEqual(['one', 'two']);
    before.outbox.retry(before.id('one'));
    await settled();
    expect(await inDatabase()).toEqual(['two', 'one']);
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
    await settled();
    expect([...storage.values.values()]).toEqual([expect.stringContaining('kept')]);
    // Whoever comes next finds it there.
    tab.outbox.close();
    await settled();
    const next = open('b');
    await vi.waitFor(() => expect(next.waiting).toEqual(['kept']));
    next.outbox.confirm(next.id('kept'));
    await vi.waitFor(() => expect(storage.length).toBe(0));
  });

  test('what was kept without a database moves into it when there is one again', async () => {
    const database = indexedDB;
    vi.stubGlobal('indexedDB', undefined);
    const before = open('a');
    before.outbox.add('', 'kept');
    await settled();
    before.outbox.close();
    await settled();
    vi.stubGlobal('indexedDB', database);
    const after = open('b');
    await vi.waitFor(() => expect(after.waiting).toEqual(['kept']));
    expect(storage.length).toBe(0);
    expect(await inDatabase()).toEqual(['kept']);
  });

  test('a page that ends as soon as something is said has lost nothing', async () => {
    const before = open('a');
    await settled();
    before.outbox.add('', 'one');
    before.outbox.add('', 'two');
    endBrowser();
    const after = open('b');
    after.outbox.resume();
    await vi.waitFor(() => expect(after.waiting).toEqual(['one', 'two']));
    await vi.waitFor(() => expect(after.sent).toEqual(['one']));
    // Now the database has them, and they are kept once.
    await vi.waitFor(() => expect(storage.length).toBe(0));
    expect(await inDatabase()).toEqual(['one', 'two']);
  });

  test('what the database has taken is not kept twice', async () => {
    const tab = open('a');
    tab.outbox.add('', 'one');
    expect(storage.length).toBe(1);
    await settled();
    expect(storage.length).toBe(0);
    expect(await inDatabase()).toEqual(['one']);
  });

  test('what the database refuses stays where it was written ahead', async () => {
    const tab = open('a');
    await settled();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    tab.outbox.add('', 'one');
    await settled();
    put.mockRestore();
    endBrowser();
    const after = open('b');
    await vi.waitFor(() => expect(after.waiting).toEqual(['one']));
  });

  test.each(['{', '{}', '[1,{"client_id":"a"}]'])('a spoiled storage %s is an empty one', async (stored) => {
    storage.setItem(`${PLACE}ahead.dead ${KEY}`, stored);
    const tab = open('a');
    tab.outbox.resume();
    tab.outbox.add('', 'new');
    await vi.waitFor(() => expect(tab.sent).toEqual(['new']));
    expect(tab.waiting).toEqual(['new']);
  });

  test('where nothing can be kept, nothing fails', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const store = new SharedOutbox('a', brokenStore);
    expect((await store.open(KEY, () => {})).entries).toEqual([]);
    store.keep({ client_id: 'x', to: '', text: 'x', timestamp: '', failed: null });
    store.remove('x');
    await store.clear();
    store.close();
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

  test('what one hears to be stored before it hears that it waits elsewhere never waits there', async () => {
    const [a, b] = [open('a'), open('b')];
    await settled();
    const { client_id } = a.outbox.add('', 'stored at once');
    b.outbox.confirm(client_id);
    a.outbox.add('', 'next');
    await vi.waitFor(() => expect(b.waiting).not.toEqual([]));
    await settled();
    expect(b.waiting).toEqual(['next']);
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
    expect(await inDatabase()).toEqual([]);
    expect(storage.length).toBe(0);
  });

  test('who comes next forgets what others have left, is told of it, and forgets nothing of his own or of the agents', async () => {
    const keys = ['user ann', 'user ben', 'admin ann'];
    for (const key of keys) {
      const tab = open(key, key);
      tab.outbox.add('', 'text');
      await settled();
      tab.outbox.close();
    }
    for (const key of keys) {
      const ahead = {
        client_id: 'ahead',
        to: '',
        text: 'before it',
        timestamp: '',
        failed: null,
        key,
        tab: 'dead',
        order: 1,
      };
      storage.setItem(`${PLACE}ahead.dead ${key}`, JSON.stringify([ahead]));
    }
    const left = await forgetOthers('user ben', 'user ', storage);
    expect(left.map(({ key, text }) => [key, text])).toEqual([
      ['user ann', 'before it'],
      ['user ann', 'text'],
    ]);
    expect([...storage.values.keys()]).toEqual(keys.slice(1).map((key) => `${PLACE}ahead.dead ${key}`));
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
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([PLACE]);
    await tab.outbox.clear();
    tab.outbox.close();
    await settled();
    await forgetDatabase();
    expect(await indexedDB.databases()).toEqual([]);
  });
});
