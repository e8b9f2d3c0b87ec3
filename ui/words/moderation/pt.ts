// Português.

import { isolated, listing } from '../forms.ts';
import type { ModerationWords } from './en.ts';

const listed = listing('pt');

export const moderation: ModerationWords = {
  flagged: 'A revisar',
  showFlagged: 'Mostrar o que aguarda revisão',
  nothingFlagged: 'Nada a revisar',
  allReviewed: 'Tudo o que foi sinalizado está revisado.',
  toReview: 'Aguarda revisão',
  flaggedForWords: (found) => `Sinalizado por ${listed(found.map((word) => `“${word}”`))}`,
  flaggedBecause: (why) => `Sinalizado: ${isolated(why)}`,
  reviewedBy: (name) => `${isolated(name)} revisou o que foi sinalizado`,
  markReviewed: 'Marcar como revisado',
  wordLists: 'Listas de palavras',
  wordListsFailed: 'As listas de palavras não carregaram',
  wordListsHelp:
    'Uma palavra ou expressão por linha. São procuradas como palavras inteiras no que os visitantes escrevem, sem distinguir maiúsculas nem acentos.',
  refusedWords: 'Recusar',
  refusedWordsHelp: 'A mensagem não é aceita, e o visitante é avisado.',
  maskedWords: 'Ocultar',
  maskedWordsHelp: 'Todos veem asteriscos no lugar da palavra.',
  flaggedWords: 'Sinalizar',
  flaggedWordsHelp: 'A mensagem aguarda revisão. O visitante não fica sabendo.',
};
