// Deutsch.

import { isolated, listing } from '../forms.ts';
import type { ModerationWords } from './en.ts';

const listed = listing('de');

export const moderation: ModerationWords = {
  flagged: 'Auffällig',
  showFlagged: 'Zeigen, was zu prüfen ist',
  nothingFlagged: 'Nichts zu prüfen',
  allReviewed: 'Alles Auffällige ist geprüft.',
  toReview: 'Wartet auf Prüfung',
  flaggedForWords: (found) => `Auffällig wegen ${listed(found.map((word) => `„${word}“`))}`,
  flaggedBecause: (why) => `Auffällig: ${isolated(why)}`,
  reviewedBy: (name) => `${isolated(name)} hat die Auffälligkeiten geprüft`,
  markReviewed: 'Als geprüft markieren',
  wordLists: 'Wortlisten',
  wordListsFailed: 'Die Wortlisten wurden nicht geladen',
  wordListsHelp:
    'Ein Wort oder eine Wendung je Zeile. Gefunden werden ganze Wörter in dem, was Besucher schreiben; Groß- und Kleinschreibung und Akzente sind egal.',
  refusedWords: 'Ablehnen',
  refusedWordsHelp: 'Die Nachricht wird nicht angenommen, und der Besucher erfährt es.',
  maskedWords: 'Unkenntlich machen',
  maskedWordsHelp: 'Alle sehen Sternchen statt des Wortes.',
  flaggedWords: 'Zur Prüfung vorlegen',
  flaggedWordsHelp: 'Die Nachricht wartet auf Prüfung. Der Besucher erfährt davon nichts.',
};
