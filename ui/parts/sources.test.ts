import { expect, test } from 'vitest';
import { sourceAddress } from './sources.tsx';

const BASE = 'https://help.example/chat/';

test.each([
  ['/docs/backups?x=1#a', 'https://help.example/docs/backups?x=1#a', null],
  ['https://other.example/a', 'https://other.example/a', 'other.example'],
  ['HTTP://bücher.example', 'http://xn--bcher-kva.example/', 'xn--bcher-kva.example'],
  ['https://help.example/a', 'https://help.example/a', null],
])('%s leads somewhere', (url, href, host) => {
  expect(sourceAddress(url, BASE)).toEqual({ href, host });
});

test.each([
  undefined,
  '',
  'docs/backups',
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
  'mailto:a@b.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/\n\\evil.example',
  'https://',
  'ftp://example.com',
])('%j leads nowhere', (url) => {
  expect(sourceAddress(url, BASE)).toBeNull();
});
