// Whether an AI's answer helped. A visitor judges; an agent sees the verdict.

import { aiWords as words } from '../words/ai-words.ts';
import { AiIcon } from './ai-icons.tsx';
import type { BubbleItem } from './thread-items.ts';

interface AiVerdictProps {
  item: BubbleItem;
  verdict: boolean | undefined;
  onRate?: ((seq: number, helpful: boolean) => void) | undefined;
}

export function AiVerdict({ item, verdict, onRate }: AiVerdictProps) {
  const { seq } = item;
  if (seq === null) return null;
  if (onRate) return <Thumbs verdict={verdict} rate={(helpful) => onRate(seq, helpful)} />;
  return verdict === undefined ? null : <Verdict helpful={verdict} />;
}

function Thumbs({ verdict, rate }: { verdict: boolean | undefined; rate(helpful: boolean): void }) {
  const { helpful, notHelpful, wasItHelpful } = words.value;
  const thumb = (which: boolean, name: string) => (
    <button
      type="button"
      class="thumb"
      aria-label={name}
      title={name}
      aria-pressed={verdict === which}
      onClick={() => rate(which)}
    >
      <AiIcon name={which ? 'thumb-up' : 'thumb-down'} />
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent
    <div class="thumbs" role="group" aria-label={wasItHelpful}>
      {thumb(true, helpful)}
      {thumb(false, notHelpful)}
    </div>
  );
}

function Verdict({ helpful }: { helpful: boolean }) {
  const { foundHelpful, foundNotHelpful } = words.value;
  return (
    <span class={helpful ? 'verdict verdict-good' : 'verdict verdict-bad'}>
      <AiIcon name={helpful ? 'thumb-up' : 'thumb-down'} />
      {helpful ? foundHelpful : foundNotHelpful}
    </span>
  );
}
