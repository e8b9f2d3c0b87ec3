import { expect, test } from 'vitest';
import { askSession, pathFor, socketUrl } from './session.ts';

function answering(status: number, body: string): { fetcher: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const fetcher: typeof fetch = async (input) => {
    asked.push(String(input));
    return new Response(body, { status });
  };
  return { fetcher, asked };
}

test('the session is asked for next to the page, whatever its prefix', async () => {
  const { fetcher, asked } = answering(200, '{"mode":"path"}');
  expect(await askSession(fetcher, 'https://host/chat/desk?x#ann')).toEqual({ kind: 'path' });
  expect(asked).toEqual(['https://host/chat/api/session']);
});

test.each([
  [
    200,
    '{"mode":"session","role":"user","workspace":"shop","email":"a@b","name":"Ann","expires_in_ms":60000,"more":1}',
    { kind: 'known', role: 'user', email: 'a@b', owner: 'shop\na@b', name: 'Ann', expiresIn: 60_000 },
  ],
  [
    200,
    '{"mode":"session","role":"admin","workspace":"shop","email":"a@b"}',
    { kind: 'known', role: 'admin', email: 'a@b', owner: 'shop\na@b', name: null, expiresIn: null },
  ],
  [
    200,
    '{"mode":"session","role":"admin","workspace":"shop","agent_role":"owner","own_login":true,"email":"a@b"}',
    {
      kind: 'known',
      role: 'admin',
      email: 'a@b',
      owner: 'shop\na@b',
      name: null,
      agentRole: 'owner',
      ownLogin: true,
      expiresIn: null,
    },
  ],
  [401, '', { kind: 'signed_out' }],
  [401, 'null', { kind: 'signed_out' }],
  [401, '{"code":"unauthenticated","login":"login"}', { kind: 'signed_out', login: 'login' }],
  [503, '', { kind: 'unreachable' }],
  [200, '<html>', { kind: 'unreachable' }],
  [200, '{"mode":"session","role":"root"}', { kind: 'unreachable' }],
])('%i %s', async (status, body, expected) => {
  expect(await askSession(answering(status, body).fetcher, 'https://host/')).toEqual(expected);
});

test('no answer at all is unreachable', async () => {
  const fetcher: typeof fetch = () => Promise.reject(new TypeError('network'));
  expect(await askSession(fetcher, 'https://host/')).toEqual({ kind: 'unreachable' });
});

test('a token goes along as a bearer', async () => {
  const headers: unknown[] = [];
  const fetcher: typeof fetch = async (_, init) => {
    headers.push(init?.headers);
    return new Response('', { status: 401 });
  };
  await askSession(fetcher, 'https://host/', 'abc');
  await askSession(fetcher, 'https://host/');
  expect(headers).toEqual([{ authorization: 'Bearer abc' }, {}]);
});

test('socket addresses follow the page', () => {
  expect(socketUrl('https://host/chat/#x', 'ws')).toBe('wss://host/chat/ws');
  expect(socketUrl('http://host:81/desk', pathFor('user', 'a+b/c@x.io'))).toBe(
    'ws://host:81/ws/chat/user/a%2Bb%2Fc%40x.io/',
  );
});
