// Français.

import { isolated, listing } from '../forms.ts';
import type { ModerationWords } from './en.ts';

const listed = listing('fr');

export const moderation: ModerationWords = {
  flagged: 'Signalées',
  showFlagged: 'Afficher ce qui attend une vérification',
  nothingFlagged: 'Rien à vérifier',
  allReviewed: 'Tout ce qui a été signalé est vérifié.',
  toReview: 'En attente de vérification',
  flaggedForWords: (found) => `Signalé pour ${listed(found.map((word) => `« ${word} »`))}`,
  flaggedBecause: (why) => `Signalé : ${isolated(why)}`,
  reviewedBy: (name) => `${isolated(name)} a vérifié ce qui était signalé`,
  markReviewed: 'Marquer comme vérifié',
  wordLists: 'Listes de mots',
  wordListsFailed: 'Les listes de mots ne se sont pas chargées',
  wordListsHelp:
    'Un mot ou une expression par ligne. Ils sont cherchés comme mots entiers dans ce qu’écrivent les visiteurs, sans tenir compte de la casse ni des accents.',
  refusedWords: 'Refuser',
  refusedWordsHelp: 'Le message n’est pas accepté, et le visiteur en est averti.',
  maskedWords: 'Masquer',
  maskedWordsHelp: 'Tout le monde voit des astérisques à la place du mot.',
  flaggedWords: 'Signaler',
  flaggedWordsHelp: 'Le message attend une vérification. Le visiteur n’en sait rien.',
};
