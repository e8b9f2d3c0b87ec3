// What both pages say of the AI, in Spanish.

import { isolated } from '../forms.ts';
import type { AiWords } from './en.ts';

export const ai: AiWords = {
  talkToPerson: 'Hablar con una persona',
  askingPerson: 'Pidiendo una persona…',
  personLater: 'Escribe tu mensaje. Te responderá una persona.',
  stopAnswer: 'Detener',
  aiFirst: 'Primero responde una IA. Puedes pedir una persona cuando quieras.',
  didNotWork: 'No ha funcionado.',
  wasItHelpful: '¿Te ha servido?',
  helpful: 'Me sirve',
  notHelpful: 'No me sirve',
  sources: 'Fuentes',
  youAskedForPerson: 'Has pedido una persona. Un agente responderá aquí.',
  aiPassedOn: 'La IA ha pasado esto al equipo. Un agente responderá aquí.',
  agentAnswers: (name) => `${isolated(name)} responde a partir de aquí.`,
  anAgentAnswers: 'Un agente responde a partir de aquí.',
  aiAnswersAgain: 'La IA vuelve a responder.',
  youStopped: 'Has detenido la respuesta.',
  answerStopped: 'La respuesta se ha detenido.',
  foundHelpful: 'Sirvió',
  foundNotHelpful: 'No sirvió',
};
