// What the desk says of moderation, in English.

import { isolated, listing } from '../forms.ts';

const listed = listing('en');

export const moderation = {
  flagged: 'Flagged',
  showFlagged: 'Show what waits for review',
  nothingFlagged: 'Nothing to review',
  allReviewed: 'Everything that was flagged has been reviewed.',
  toReview: 'Waits for review',
  flaggedForWords: (found: readonly string[]) => `Flagged for ${listed(found.map((word) => `“${word}”`))}`,
  flaggedBecause: (why: string) => `Flagged: ${isolated(why)}`,
  reviewedBy: (name: string) => `${isolated(name)} reviewed what was flagged`,
  markReviewed: 'Mark as reviewed',
  wordLists: 'Word lists',
  wordListsFailed: 'The word lists did not load',
  wordListsHelp:
    'One word or phrase a line. They are found as whole words, in any case and with any accents, in what visitors write.',
  refusedWords: 'Refuse',
  refusedWordsHelp: 'The message is not accepted, and its visitor is told so.',
  maskedWords: 'Mask',
  maskedWordsHelp: 'Everybody sees asterisks in place of the word.',
  flaggedWords: 'Flag',
  flaggedWordsHelp: 'The message waits for review. Its visitor does not learn of it.',
};

export type ModerationWords = typeof moderation;
