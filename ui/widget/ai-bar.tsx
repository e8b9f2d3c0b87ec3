// What a visitor may do about the AI: ask for a person, always, while it attends; stop the answer that it writes.

import type { Ai, AiView } from '../client/ai.ts';
import { AiIcon } from '../parts/ai-icons.tsx';
import { aiWords as words } from '../words/ai-words.ts';
import { shared as common } from '../words/index.ts';

export function AiBar({ ai, act }: { ai: AiView | null; act: Ai | null }) {
  return ai && act && <Bar ai={ai} act={act} />;
}

function Bar({ ai, act }: { ai: AiView; act: Ai }) {
  const { talkToPerson, askingPerson, personLater, stopAnswer, didNotWork } = words.value;
  const attends = ai.attending === 'ai';
  const writing = ai.draft !== null && !ai.draft.done;
  return (
    <div class="ai-bar">
      {attends && ai.asking === null && (
        <button type="button" class="chip" onClick={(event) => done(event, () => act.handOff())}>
          <AiIcon name="person" />
          {talkToPerson}
        </button>
      )}
      <p class="ai-said" role="status">
        {writing && <span class="hidden-text">{common.value.isTyping(common.value.assistant)}</span>}
        {attends && ai.asking === 'now' && askingPerson}
        {attends && ai.asking === 'later' && personLater}
        {ai.trouble && <span class="ai-trouble">{didNotWork}</span>}
      </p>
      {writing && (
        <button type="button" class="chip chip-stop" onClick={(event) => done(event, () => act.stop())}>
          <AiIcon name="stop" />
          {stopAnswer}
        </button>
      )}
    </div>
  );
}

/** The button goes when it has done its work; who came to it by keyboard goes on writing. */
function done(event: MouseEvent, act: () => void): void {
  act();
  if (event.detail === 0) document.querySelector<HTMLElement>('.composer-field')?.focus();
}

export function AiFirst({ ai }: { ai: AiView | null }) {
  return ai?.attending === 'ai' ? <span>{words.value.aiFirst}</span> : null;
}
