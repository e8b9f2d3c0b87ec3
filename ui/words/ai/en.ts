// What both pages say of the AI, in English.

import { isolated } from '../forms.ts';

export const ai = {
  talkToPerson: 'Talk to a person',
  askingPerson: 'Asking for a person…',
  personLater: 'Write your message. A person will answer it.',
  stopAnswer: 'Stop',
  aiFirst: 'An AI answers first. You can ask for a person at any time.',
  didNotWork: 'That did not work.',
  wasItHelpful: 'Was this helpful?',
  helpful: 'Helpful',
  notHelpful: 'Not helpful',
  sources: 'Sources',
  youAskedForPerson: 'You asked for a person. An agent will answer here.',
  aiPassedOn: 'The AI passed this on. An agent will answer here.',
  agentAnswers: (name: string) => `${isolated(name)} answers from here on.`,
  anAgentAnswers: 'An agent answers from here on.',
  aiAnswersAgain: 'The AI answers again.',
  youStopped: 'You stopped the answer.',
  answerStopped: 'The answer was stopped.',
  foundHelpful: 'Found helpful',
  foundNotHelpful: 'Not found helpful',
};

export type AiWords = typeof ai;
