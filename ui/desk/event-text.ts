// What happened in a conversation, as an agent reads it: who did it, and why.

import { type Personality, readEvent } from '../client/ai-frames.ts';
import { list, text } from '../client/decode.ts';
import type { Happening } from '../client/frames.ts';
import { isolated } from '../words/forms.ts';
import { words } from '../words/index.ts';

export function agentsText(happening: Happening): string {
  const event = readEvent(happening);
  const said = words.value;
  const name = event.actor.name ?? said.anAgent;
  switch (event.kind) {
    case 'handoff':
      return said.handedOver(reasonText(event.reason ?? '', event.detail));
    case 'taken_over':
      return said.tookOver(name);
    case 'handed_back':
      return said.handedBackBy(name);
    case 'personality_chosen':
      return said.speaksHere(personalityName(event.personality ?? null));
    case 'banned':
      return event.reason ? said.bannedBecause(name, event.reason) : said.bannedBy(name);
    case 'flagged':
      return flagText(happening);
    case 'reviewed':
      return said.reviewedBy(name);
    case 'unbanned':
      return said.unbannedBy(name);
    default:
      return event.actor.role === 'user' ? said.visitorStopped : said.stoppedBy(name);
  }
}

/** Why a message waits for review. */
function flagText({ reason, words: found, detail }: Happening): string {
  const said = words.value;
  const listed = list(found, (word) => text(word) ?? null);
  if (reason === 'listed' && listed.length > 0) return said.flaggedForWords(listed);
  return said.flaggedBecause(text(detail) ?? text(reason) ?? '');
}

/** Why a conversation was handed over; a reason that we do not know stands as it came. */
export function reasonText(reason: string, detail?: string): string {
  const said = words.value;
  switch (reason) {
    case 'asked':
      return said.whyAsked;
    case 'unknown':
      return said.whyUnknown;
    case 'unhelpful':
      return said.whyUnhelpful;
    case 'listed':
      return detail === undefined ? said.whyListed : said.whyListedWord(detail);
    case 'first_answer_given':
      return said.whyFirstAnswer;
    case 'failed':
      return said.whyFailed;
    case 'responder':
      return detail === undefined ? said.whyResponder : isolated(detail);
    default:
      return isolated(detail === undefined ? reason : `${reason}: ${detail}`);
  }
}

export function personalityName(personality: Personality | null): string {
  const said = words.value;
  switch (personality) {
    case null:
      return said.asInWorkspace;
    case 'friendly':
      return said.friendly;
    case 'professional':
      return said.professional;
    case 'technical':
      return said.technical;
    default:
      return said.ownWords;
  }
}
