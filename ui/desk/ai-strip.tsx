// Below the name of the open conversation: who answers in it, and what an agent may do about that.

import type { Ai, AiView } from '../client/ai.ts';
import type { Row } from '../client/frames.ts';
import { AiIcon } from '../parts/ai-icons.tsx';
import { words } from '../words/index.ts';
import { Waited } from './row-marks.tsx';

export function AiStrip({ ai, act, row }: { ai: AiView; act: Ai; row: Row | null }) {
  if (ai.attending === null || ai.suggests) return null;
  const { agentsAnswerHere, aiAnswersHere, aiWrites, didNotWork, handBack, stopAnswer, takeOver } = words.value;
  const byAi = ai.attending === 'ai';
  const writing = ai.draft !== null && !ai.draft.done;
  return (
    <div class={byAi ? 'ai-strip ai-strip-on' : 'ai-strip'}>
      <AiIcon name={byAi ? 'sparkle' : 'person'} />
      <p role="status">
        {byAi ? (writing ? aiWrites : aiAnswersHere) : agentsAnswerHere}
        {ai.trouble && <span class="ai-trouble"> {didNotWork}</span>}
      </p>
      {!byAi && row?.queued_at !== undefined && <Waited since={row.queued_at} />}
      <div class="ai-strip-acts">
        {writing && (
          <button type="button" class="strip-button" aria-keyshortcuts="x" onClick={() => act.stop()}>
            {stopAnswer}
          </button>
        )}
        {byAi ? (
          <button type="button" class="strip-button" aria-keyshortcuts="t" onClick={() => act.takeOver()}>
            {takeOver}
          </button>
        ) : (
          <button type="button" class="strip-button" aria-keyshortcuts="h" onClick={() => act.handBack()}>
            {handBack}
          </button>
        )}
      </div>
    </div>
  );
}
