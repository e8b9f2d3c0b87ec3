// What happened in a conversation, in words for a visitor.

import { readEvent } from '../client/ai-frames.ts';
import type { Happening } from '../client/frames.ts';
import { aiWords as words } from '../words/ai-words.ts';

/** For a visitor, who is told what will happen, not why. */
export function visitorsText(event: Happening): string {
  const { kind, reason, actor } = readEvent(event);
  const said = words.value;
  switch (kind) {
    case 'handoff':
      return reason === 'asked' ? said.youAskedForPerson : said.aiPassedOn;
    case 'taken_over':
      return actor.name === undefined ? said.anAgentAnswers : said.agentAnswers(actor.name);
    case 'handed_back':
      return said.aiAnswersAgain;
    default:
      return actor.role === 'user' ? said.youStopped : said.answerStopped;
  }
}
