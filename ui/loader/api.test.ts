import { beforeEach, expect, test, vi } from 'vitest';
import { api, install } from './api.ts';
import type { Emit, startWidget, Widget } from './widget.ts';

let said: unknown[][];
let emit: Emit;
let endShutdown: () => void;
let call: ReturnType<typeof api>;

const start: typeof startWidget = (base, options, emitter) => {
  emit = emitter;
  said.push(['start', base.href, options]);
  const record =
    (name: keyof Widget) =>
    (...args: unknown[]) =>
      void said.push(name === 'update' || name === 'identify' ? [name, ...args] : [name]);
  return {
    open: record('open'),
    close: record('close'),
    show: record('show'),
    hide: record('hide'),
    identify: record('identify'),
    update: record('update'),
    shutdown: () => {
      said.push(['shutdown']);
      return new Promise((done) => {
        endShutdown = done;
      });
    },
  };
};

beforeEach(() => {
  said = [];
  call = api(new URL('https://desk.example/chat/'), start);
});

const BEGUN = ['start', 'https://desk.example/chat/', {}];

test('what was called before the script came is made up for in its order', () => {
  const scope: Parameters<typeof install>[0] = {};
  scope.Minicom = { q: [['on', 'open', () => {}], ['boot', { title: 'Shop' }], ['open'], ['hide']] };
  install(scope, call, false);
  expect(said).toEqual([['start', 'https://desk.example/chat/', { title: 'Shop' }], ['open'], ['hide']]);
});

test('it boots by itself, unless the page has or wants to', () => {
  install({}, call, false);
  expect(said).toEqual([BEGUN]);
  const other = api(new URL('https://desk.example/'), start);
  said = [];
  install({}, other, true);
  expect(said).toEqual([]);
  other('open');
  expect(said).toEqual([]);
});

test('the script twice is the script once', () => {
  const scope: Parameters<typeof install>[0] = {};
  install(scope, call, false);
  const first = scope.Minicom;
  install(scope, api(new URL('https://desk.example/'), start), false);
  expect(scope.Minicom).toBe(first);
  expect(said).toEqual([BEGUN]);
});

test('boot again is an update', () => {
  call('boot');
  call('boot', { accent: '#123456' });
  call('update', { side: 'start' });
  expect(said).toEqual([BEGUN, ['update', { accent: '#123456' }], ['update', { side: 'start' }]]);
});

test('handlers hear until they are taken back, and one that throws stops nobody', () => {
  const complaints = vi.fn();
  vi.stubGlobal('reportError', complaints);
  const heard: unknown[] = [];
  call('boot');
  call('on', 'unread', () => {
    throw new Error('the page');
  });
  const off = call('on', 'unread', (count: unknown) => heard.push(count)) as () => void;
  emit('unread', 2);
  off();
  emit('unread', 3);
  expect(heard).toEqual([2]);
  expect(complaints).toHaveBeenCalledTimes(2);
  vi.unstubAllGlobals();
});

test('after shutdown nobody is called, and the next one begins when the last one has ended', async () => {
  const heard: unknown[] = [];
  call('boot');
  call('on', 'open', () => heard.push('open'));
  const done = call('shutdown');
  emit('open');
  call('boot', { email: 'ben@example.com' });
  call('open');
  expect(said).toEqual([BEGUN, ['shutdown']]);
  expect(call('shutdown')).toBe(done);
  call('boot', { email: 'cid@example.com' });
  endShutdown();
  await done;
  expect(said.slice(2)).toEqual([['start', 'https://desk.example/chat/', { email: 'cid@example.com' }]]);
  expect(heard).toEqual([]);
});

test('an unknown command says so and does nothing', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  call('boot');
  expect(call('explode')).toBeUndefined();
  expect(said).toEqual([BEGUN]);
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});
