// Español.

import { isolated, listing } from '../forms.ts';
import type { ModerationWords } from './en.ts';

const listed = listing('es');

export const moderation: ModerationWords = {
  flagged: 'Señaladas',
  showFlagged: 'Mostrar lo pendiente de revisión',
  nothingFlagged: 'Nada que revisar',
  allReviewed: 'Todo lo señalado está revisado.',
  toReview: 'Pendiente de revisión',
  flaggedForWords: (found) => `Señalado por ${listed(found.map((word) => `«${word}»`))}`,
  flaggedBecause: (why) => `Señalado: ${isolated(why)}`,
  reviewedBy: (name) => `${isolated(name)} revisó lo señalado`,
  markReviewed: 'Marcar como revisado',
  wordLists: 'Listas de palabras',
  wordListsFailed: 'Las listas de palabras no se cargaron',
  wordListsHelp:
    'Una palabra o frase por línea. Se buscan como palabras completas en lo que escriben los visitantes, sin distinguir mayúsculas ni acentos.',
  refusedWords: 'Rechazar',
  refusedWordsHelp: 'El mensaje no se acepta y se avisa al visitante.',
  maskedWords: 'Ocultar',
  maskedWordsHelp: 'Todos ven asteriscos en lugar de la palabra.',
  flaggedWords: 'Señalar',
  flaggedWordsHelp: 'El mensaje queda pendiente de revisión. El visitante no se entera.',
};
