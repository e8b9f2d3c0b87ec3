// What both pages say of the AI, in Portuguese.

import { isolated } from '../forms.ts';
import type { AiWords } from './en.ts';

export const ai: AiWords = {
  talkToPerson: 'Falar com uma pessoa',
  askingPerson: 'Chamando uma pessoa…',
  personLater: 'Escreva a sua mensagem. Uma pessoa vai responder.',
  stopAnswer: 'Parar',
  aiFirst: 'Primeiro responde uma IA. Você pode pedir uma pessoa a qualquer momento.',
  didNotWork: 'Não funcionou.',
  wasItHelpful: 'Isto ajudou?',
  helpful: 'Ajudou',
  notHelpful: 'Não ajudou',
  sources: 'Fontes',
  youAskedForPerson: 'Você pediu uma pessoa. Um atendente vai responder aqui.',
  aiPassedOn: 'A IA passou isto adiante. Um atendente vai responder aqui.',
  agentAnswers: (name) => `${isolated(name)} responde daqui em diante.`,
  anAgentAnswers: 'Um atendente responde daqui em diante.',
  aiAnswersAgain: 'A IA voltou a responder.',
  youStopped: 'Você parou a resposta.',
  answerStopped: 'A resposta foi interrompida.',
  foundHelpful: 'Foi útil',
  foundNotHelpful: 'Não foi útil',
};
