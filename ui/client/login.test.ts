import { expect, test, vi } from 'vitest';
import { askLogin } from './login.ts';

const BASE = 'https://shop.example/chat/login';

function answering(status: number, body: string | null) {
  return vi.fn<typeof fetch>(async () => new Response(body, { status }));
}

test('a question with a body is a post of JSON, below the mount', async () => {
  const fetcher = answering(200, '{"email":"ann@example.com"}');
  const answer = await askLogin(fetcher, BASE, 'api/login', { email: 'ann@example.com' });
  expect(answer).toEqual({ value: { email: 'ann@example.com' }, refusal: null });
  const [url, init] = fetcher.mock.calls[0] ?? [];
  expect(String(url)).toBe('https://shop.example/chat/api/login');
  expect(init).toMatchObject({ method: 'POST', body: '{"email":"ann@example.com"}' });
  expect(new Headers(init?.headers).get('content-type')).toBe('application/json');
});

test('a question without one is not', async () => {
  const fetcher = answering(200, '{"agents":[],"invitations":[]}');
  await askLogin(fetcher, BASE, 'api/agents');
  expect(fetcher.mock.calls[0]?.[1]?.method).toBeUndefined();
});

test.each([
  [204, null, null],
  [401, '{"code":"wrong_password"}', { code: 'wrong_password', retryAfter: null }],
  [429, '{"code":"locked","retry_after_ms":14000}', { code: 'locked', retryAfter: 14_000 }],
  [502, '<html>', { code: 'unreachable', retryAfter: null }],
  [500, 'null', { code: 'unreachable', retryAfter: null }],
  [500, '{"code":7}', { code: 'unreachable', retryAfter: null }],
])('%i %s', async (status, body, refusal) => {
  const answer = await askLogin(answering(status, body), BASE, 'api/login', {});
  expect(answer.refusal).toEqual(refusal);
});

test('no answer at all is told like any other', async () => {
  const fetcher = vi.fn<typeof fetch>(() => Promise.reject(new TypeError('offline')));
  expect((await askLogin(fetcher, BASE, 'api/login', {})).refusal?.code).toBe('unreachable');
});
