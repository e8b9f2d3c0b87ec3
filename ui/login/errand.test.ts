import { afterEach, expect, test } from 'vitest';
import { readErrand, takeErrand, wayBack, wayToLogin } from './errand.ts';

const TOKEN = 'A-b_'.padEnd(43, '0');

afterEach(() => history.replaceState(null, '', '/'));

test.each([
  ['', { kind: 'sign_in' }],
  [`#setup=${TOKEN}`, { kind: 'set_up', token: TOKEN }],
  [`#join=${TOKEN}`, { kind: 'join', token: TOKEN }],
  ['#join=short', { kind: 'sign_in' }],
  [`#join=${TOKEN}<`, { kind: 'sign_in' }],
  [`#steal=${TOKEN}`, { kind: 'sign_in' }],
  ['#to=%23ann', { kind: 'sign_in' }],
  ['#password', { kind: 'password' }],
  ['#password&to=%23ann', { kind: 'password' }],
  ['#passwords', { kind: 'sign_in' }],
])('%s', (fragment, errand) => {
  expect(readErrand(fragment)).toEqual(errand);
});

test('a token leaves the address at once, and nothing else does', () => {
  const steps = history.length;
  history.replaceState(null, '', `/chat/login?lang=de#setup=${TOKEN}`);
  expect(takeErrand()).toEqual({ kind: 'set_up', token: TOKEN });
  expect(location.href.endsWith('/chat/login?lang=de')).toBe(true);
  history.replaceState(null, '', '/chat/login#join=mistyped');
  takeErrand();
  expect(location.hash).toBe('');
  history.replaceState(null, '', '/chat/login#to=%23ann');
  takeErrand();
  expect(location.hash).toBe('#to=%23ann');
  expect(history.length).toBe(steps);
});

test.each([
  ['', 'desk'],
  ['?inbox=unread', 'desk?inbox=unread'],
  ['#ann%40example.com/3', 'desk#ann%40example.com/3'],
  ['?lang=de#b%C3%A9', 'desk?lang=de#b%C3%A9'],
])('there and back: %s', (place, back) => {
  for (const errand of [undefined, 'password'] as const) {
    const way = wayToLogin('login', place.split('#')[0] ?? '', place.replace(/^[^#]*/, ''), errand);
    const url = new URL(way, 'https://host/chat/desk');
    expect(url.pathname).toBe('/chat/login');
    expect(url.search).toBe('');
    expect(readErrand(url.hash).kind).toBe(errand ?? 'sign_in');
    expect(wayBack(url.hash)).toBe(back);
  }
});

test.each(['#to=https%3A%2F%2Fevil.example', '#to=%2F%2Fevil.example', '#to=..%2Fother', '#to=%zz', '#to=', '#x'])(
  'leads nowhere else: %s',
  (fragment) => {
    expect(wayBack(fragment)).toBe('desk');
  },
);
