// In the column of details: how the AI speaks in this conversation.

import { useState } from 'preact/hooks';
import { PERSONALITIES, type Personality } from '../client/ai-frames.ts';
import { words } from '../words/index.ts';
import { agent, view } from './agent-state.ts';
import { personalityName } from './event-text.ts';

const here = () => view.value?.open?.conversation.ai;

export function attendedByAi(): boolean {
  return here()?.attending != null;
}

const OWN = 'own';
const WORKSPACE = '';

function kindOf(personality: Personality | null): string {
  if (personality === null) return WORKSPACE;
  return typeof personality === 'string' ? personality : OWN;
}

function textOf(personality: Personality | null): string {
  return typeof personality === 'object' && personality !== null ? personality.own : '';
}

export function PersonalityHere() {
  const chosen = here()?.personality ?? null;
  return <PersonalityField key={JSON.stringify(chosen)} chosen={chosen} />;
}

function PersonalityField({ chosen }: { chosen: Personality | null }) {
  const [kind, setKind] = useState(kindOf(chosen));
  const [text, setText] = useState(textOf(chosen));
  const choose = (personality: Personality | null) => agent.peek()?.current?.ai?.choosePersonality(personality);
  return (
    <form
      class="personality"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') choose({ own: text.trim() });
      }}
    >
      <select
        class="field"
        aria-label={words.value.personality}
        value={kind}
        onChange={({ currentTarget: { value } }) => {
          setKind(value);
          if (value !== OWN) choose(PERSONALITIES.find((known) => known === value) ?? null);
        }}
      >
        {[null, ...PERSONALITIES].map((personality) => (
          <option key={kindOf(personality)} value={kindOf(personality)}>
            {personalityName(personality)}
          </option>
        ))}
        <option value={OWN}>{words.value.ownWords}</option>
      </select>
      {kind === OWN && (
        <>
          <textarea
            class="field"
            rows={3}
            maxLength={2_000}
            dir={text === '' ? undefined : 'auto'}
            aria-label={words.value.howItSpeaks}
            placeholder={words.value.howItSpeaks}
            value={text}
            onInput={({ currentTarget: { value } }) => setText(value)}
          />
          <button type="submit" class="button button-quiet" disabled={text.trim() === ''}>
            {words.value.apply}
          </button>
        </>
      )}
    </form>
  );
}
