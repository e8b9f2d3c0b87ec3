import { expect, test } from 'vitest';
import type { Policy } from '../client/ai-frames.ts';
import { fieldsOf, policyOf, shifts } from './ai-policy.ts';

const POLICY: Policy = {
  mode: 'outside_hours',
  name: 'Mini',
  prompt: 'You sell hats.',
  personality: { own: 'Rhyme.' },
  share: 50,
  unhelpful_after: 3,
  handoff_words: ['refund', 'my lawyer'],
  hours: {
    time_zone: 'Europe/Lisbon',
    week: [
      [
        { from: 540, until: 720 },
        { from: 780, until: 1440 },
      ],
      [],
      [],
      [],
      [],
      [],
      [{ from: 0, until: 30 }],
    ],
  },
  deadline_s: 30,
  attempts: 2,
};
const BARE: Policy = {
  ...POLICY,
  name: null,
  prompt: '',
  personality: 'technical',
  unhelpful_after: null,
  handoff_words: [],
  hours: null,
};

test.each([POLICY, BARE])('what a form shows of a policy is that policy', (policy) => {
  expect(policyOf(fieldsOf(policy))).toEqual({ policy });
});

test('fields are read as they are meant', () => {
  const fields = fieldsOf(POLICY);
  expect(fields.week[0]).toBe('9:00–12:00, 13:00–24:00');
  const changed = { ...fields, name: ' ', words: '\n refund \n\n', unhelpfulAfter: ' ', share: '', deadline: '1e3' };
  expect(policyOf(changed)).toMatchObject({
    policy: { name: null, handoff_words: ['refund'], unhelpful_after: null, share: 100, deadline_s: 1_000 },
  });
  expect(policyOf({ ...fields, personality: 'own', own: ' ' })).toMatchObject({ policy: { personality: 'friendly' } });
  expect(policyOf({ ...fields, week: fields.week.with(4, 'nine to five') })).toEqual({ day: 4 });
});

test.each([
  ['', []],
  ['9-17', [{ from: 540, until: 1020 }]],
  [
    '09:30 – 12:00; 13—17:45',
    [
      { from: 570, until: 720 },
      { from: 780, until: 1065 },
    ],
  ],
  ['17:00-9:00', null],
  ['9:00-24:01', null],
  ['9:70-12:00', null],
  ['9', null],
  ['1-2,3-4,5-6,7-8,9-10', null],
])('hours %j', (text, expected) => {
  expect(shifts(text)).toEqual(expected);
});
