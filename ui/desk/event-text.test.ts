import { expect, test } from 'vitest';
import '../words/desk.ts';
import { visitorsText } from '../parts/event-text.ts';
import { agentsText, reasonText } from './event-text.ts';

const event = (kind: string, more = {}) => ({ seq: 1, kind, timestamp: '', ...more });
const ANA = { actor: { role: 'admin', id: 'ana', name: 'Ana' } };
const ANN = { actor: { role: 'user', id: 'ann' } };

test.each([
  ['asked', undefined, 'the visitor asked for a person'],
  ['unknown', undefined, 'the AI found no answer'],
  ['unhelpful', undefined, 'its answers did not help'],
  ['listed', 'refund', 'the visitor wrote “refund”'],
  ['listed', undefined, 'a word from the list'],
  ['first_answer_given', undefined, 'the AI gives the first answer only'],
  ['failed', undefined, 'the AI failed'],
  ['responder', 'about the law', 'about the law'],
  ['responder', undefined, 'a reason of the responder’s own'],
  ['of_a_newer_server', undefined, 'of_a_newer_server'],
  ['of_a_newer_server', 'why', 'of_a_newer_server: why'],
])('an agent reads why it was handed over: %s %s', (reason, detail, text) => {
  expect(reasonText(reason, detail)).toBe(text);
  expect(agentsText(event('handoff', { reason, detail }))).toBe(`Handed over: ${text}`);
});

test('an agent reads why a message was flagged, and who reviewed it', () => {
  const flagged = (more: object) => agentsText(event('flagged', { message: 1, ...more }));
  expect(flagged({ reason: 'listed', words: ['lawyer', 'sue you'] })).toBe('Flagged for “lawyer” and “sue you”');
  expect(flagged({ reason: 'moderator', detail: 'unkind' })).toBe('Flagged: unkind');
  expect(flagged({ reason: 'of_a_newer_server' })).toBe('Flagged: of_a_newer_server');
  expect(agentsText(event('reviewed', { up_to: 2, ...ANA }))).toBe('Ana reviewed what was flagged');
});

test('what a detail says of direction ends with it', () => {
  expect(reasonText('responder', '\u202eevil')).toBe('\u2068evil\u2069');
});

test('an agent reads who did it, a visitor what that means for him', () => {
  expect(agentsText(event('taken_over', ANA))).toBe('Ana took over from the AI');
  expect(visitorsText(event('taken_over', ANA))).toBe('Ana answers from here on.');
  expect(visitorsText(event('taken_over'))).toBe('An agent answers from here on.');
  expect(agentsText(event('handed_back', ANA))).toBe('Ana handed back to the AI');
  expect(visitorsText(event('handed_back', ANA))).toBe('The AI answers again.');
  expect(agentsText(event('stopped', ANN))).toBe('The visitor stopped the answer');
  expect(agentsText(event('stopped'))).toBe('An agent stopped the answer');
  expect(visitorsText(event('stopped', ANN))).toBe('You stopped the answer.');
  expect(visitorsText(event('stopped', ANA))).toBe('The answer was stopped.');
  expect(visitorsText(event('handoff', { reason: 'asked' }))).toBe(
    'You asked for a person. An agent will answer here.',
  );
  expect(visitorsText(event('handoff', { reason: 'responder', detail: 'rude' }))).not.toContain('rude');
  expect(agentsText(event('personality_chosen', { personality: 'technical' }))).toContain('Technical');
  expect(agentsText(event('personality_chosen', { personality: { own: 'Rhyme.' } }))).toContain('In your own words');
});
