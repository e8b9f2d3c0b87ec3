// What both pages say of the AI, in German.

import { isolated } from '../forms.ts';
import type { AiWords } from './en.ts';

export const ai: AiWords = {
  talkToPerson: 'Mit einem Menschen sprechen',
  askingPerson: 'Ein Mensch wird gerufen…',
  personLater: 'Schreiben Sie Ihre Nachricht. Ein Mensch wird antworten.',
  stopAnswer: 'Anhalten',
  aiFirst: 'Zuerst antwortet eine KI. Sie können jederzeit nach einem Menschen fragen.',
  didNotWork: 'Das hat nicht geklappt.',
  wasItHelpful: 'War das hilfreich?',
  helpful: 'Hilfreich',
  notHelpful: 'Nicht hilfreich',
  sources: 'Quellen',
  youAskedForPerson: 'Sie haben nach einem Menschen gefragt. Ein Mitarbeiter wird hier antworten.',
  aiPassedOn: 'Die KI hat das weitergegeben. Ein Mitarbeiter wird hier antworten.',
  agentAnswers: (name) => `${isolated(name)} antwortet von hier an.`,
  anAgentAnswers: 'Von hier an antwortet ein Mitarbeiter.',
  aiAnswersAgain: 'Die KI antwortet wieder.',
  youStopped: 'Sie haben die Antwort angehalten.',
  answerStopped: 'Die Antwort wurde angehalten.',
  foundHelpful: 'War hilfreich',
  foundNotHelpful: 'War nicht hilfreich',
};
