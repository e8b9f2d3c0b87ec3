// What both pages say of the AI, in French.

import { isolated } from '../forms.ts';
import type { AiWords } from './en.ts';

export const ai: AiWords = {
  talkToPerson: 'Parler à une personne',
  askingPerson: 'Appel d’une personne…',
  personLater: 'Écrivez votre message. Une personne y répondra.',
  stopAnswer: 'Arrêter',
  aiFirst: 'Une IA répond d’abord. Vous pouvez demander une personne à tout moment.',
  didNotWork: 'Cela n’a pas fonctionné.',
  wasItHelpful: 'Cela vous a-t-il aidé ?',
  helpful: 'Utile',
  notHelpful: 'Pas utile',
  sources: 'Sources',
  youAskedForPerson: 'Vous avez demandé une personne. Un agent répondra ici.',
  aiPassedOn: 'L’IA a transmis votre demande. Un agent répondra ici.',
  agentAnswers: (name) => `${isolated(name)} répond à partir d’ici.`,
  anAgentAnswers: 'Un agent répond à partir d’ici.',
  aiAnswersAgain: 'L’IA répond de nouveau.',
  youStopped: 'Vous avez arrêté la réponse.',
  answerStopped: 'La réponse a été arrêtée.',
  foundHelpful: 'Jugé utile',
  foundNotHelpful: 'Jugé inutile',
};
