import { effect, signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Visitor } from '../loader/messages.ts';
import { beAnonymous } from './anonymous.ts';
import type { Anonymity } from './visitor-state.ts';

const asked = vi.fn<() => Promise<Response>>();
const keep = vi.fn();
const loadSession = vi.fn(async () => {});
let answer: (response: Response) => void;
let vouchedFor: Anonymity['vouchedFor'];

beforeEach(() => {
  asked.mockReset().mockImplementation(() => new Promise((done) => (answer = done)));
  keep.mockReset();
  loadSession.mockReset();
  vi.stubGlobal('fetch', asked);
  // One tab.
  vi.stubGlobal('navigator', {});
  vouchedFor = signal<Visitor>({});
  beAnonymous({
    PLACE: 'minicom / ',
    effect,
    session: signal({ kind: 'anonymous' }),
    loadSession,
    opened: signal(true),
    expired: signal(0),
    vouchedFor,
    kept: () => undefined,
    keep,
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const made = () => answer(Response.json({ token: 'anonymous', expires_in_ms: 1_000 }));
const settled = () => new Promise((done) => setTimeout(done, 20));

test('nobody gets a name and keeps it', async () => {
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
  made();
  await vi.waitFor(() => expect(loadSession).toHaveBeenCalledWith('anonymous'));
  expect(keep.mock.calls).toEqual([[expect.stringMatching(/^anonymous \d+$/)]]);
});

test('who is identified while a name is made for him keeps none', async () => {
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
  vouchedFor.value = { token: 'his own' };
  made();
  await settled();
  expect(keep).not.toHaveBeenCalled();
  expect(loadSession).not.toHaveBeenCalled();
});
