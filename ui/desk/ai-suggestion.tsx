// What the AI would say, above the composer: sent as the agent's own words with one click, or taken into the composer.

import type { Ai, AiView } from '../client/ai.ts';
import { AiIcon } from '../parts/ai-icons.tsx';
import { RichText } from '../parts/rich-text.tsx';
import { Sources } from '../parts/sources.tsx';
import { words } from '../words/index.ts';

interface SuggestionBoxProps {
  ai: AiView;
  act: Ai;
  onSend(text: string): void;
  onEdit(text: string): void;
}

export function SuggestionBox({ ai, act, onSend, onEdit }: SuggestionBoxProps) {
  const said = words.value;
  if (ai.suggests && ai.draft !== null && !ai.draft.done) {
    return (
      <section class="suggestion" aria-label={said.suggestionComes} aria-busy="true">
        <header class="suggestion-head">
          <AiIcon name="sparkle" />
          <span role="status">{said.suggestionComes}</span>
          <button type="button" class="strip-button" aria-keyshortcuts="x" onClick={() => act.stop()}>
            {said.stopAnswer}
          </button>
        </header>
        {ai.draft.text !== '' && <SuggestionText text={ai.draft.text} />}
      </section>
    );
  }
  if (ai.suggestion === null) return null;
  const { text, sources } = ai.suggestion;
  return (
    <section class="suggestion" aria-label={said.suggestion}>
      <header class="suggestion-head">
        <AiIcon name="sparkle" />
        <span role="status">{said.suggestion}</span>
      </header>
      <SuggestionText text={text} />
      <Sources of={sources} />
      <div class="suggestion-acts">
        <button type="button" class="button" aria-label={said.sendSuggestion} onClick={() => onSend(text)}>
          {said.send}
        </button>
        <button
          type="button"
          class="button button-quiet suggestion-edit"
          aria-label={said.editSuggestion}
          aria-keyshortcuts="v"
          onClick={() => onEdit(text)}
        >
          {said.edit}
        </button>
      </div>
    </section>
  );
}

function SuggestionText({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <div class="suggestion-text bubble" dir="auto" tabIndex={0}>
      <RichText text={text} />
    </div>
  );
}
