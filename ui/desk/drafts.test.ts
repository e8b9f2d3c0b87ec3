import { expect, test } from 'vitest';
import { draftKey } from './drafts.ts';

test('agents and conversations do not share a draft', () => {
  const keys = [
    draftKey('bo', 'ann'),
    draftKey('bo', 'ben'),
    draftKey('cy', 'ann'),
    draftKey('bo.ann', ''),
    draftKey('bo', 'ann.'),
    draftKey('bo/ann', ''),
    draftKey('bo', 'ann/'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
