// One message on the screen: its text; the time at the end of a run; ticks; a failed one with what can be done about it.

import type { Side } from '../client/frames.ts';
import { shared as words } from '../words/index.ts';
import { aiParts } from './ai-parts.ts';
import { BrandFace, Face } from './face.tsx';
import { Icon, type IconName } from './icons.tsx';
import { RichText } from './rich-text.tsx';
import type { BubbleItem, Delivery } from './thread-items.ts';
import { clockTime, fullTime, isoTime } from './time.ts';

interface BubbleProps {
  item: BubbleItem;
  side: Side;
  peer: string;
  self?: string | null;
  onRetry(clientId: string): void;
  onDiscard(clientId: string): void;
  /** By the seq of an AI's answer. */
  verdicts?: ReadonlyMap<number, boolean> | undefined;
  onRate?: (seq: number, helpful: boolean) => void;
}

export function Bubble({ item, side, peer, self, onRetry, onDiscard, verdicts, onRate }: BubbleProps) {
  const { assistant, you } = words.value;
  const ofAi = item.sender === 'ai';
  const author = item.name ?? (ofAi ? assistant : item.mine ? you : peer);
  const colleague = item.mine && item.name !== null && self !== undefined && item.name !== self;
  const classes = ['line', item.mine ? 'line-mine' : 'line-theirs'];
  if (item.startsRun) classes.push('line-first');
  if (item.endsRun) classes.push('line-last');
  if (ofAi) classes.push('line-ai');
  if (item.delivery === 'failed') classes.push('line-failed');
  const parts = ofAi ? aiParts.value : null;
  const shown = item.endsRun || item.delivery !== null || ofAi;
  return (
    <div class={classes.join(' ')} data-seq={item.seq ?? undefined}>
      {!item.mine && (
        <span class="line-face">
          {item.startsRun && (parts ? <parts.Face /> : <Author item={item} side={side} name={author} />)}
        </span>
      )}
      <div class="line-body">
        {item.startsRun && <LineName item={item} author={author} shown={!item.mine || colleague} />}
        <div class="bubble" dir="auto" title={fullTime(item.timestamp)}>
          <RichText text={item.text} />
        </div>
        {parts && <parts.Sources of={item.sources} />}
        {item.delivery === 'failed' ? (
          <Failure failure={item.failure} clientId={item.clientId ?? ''} onRetry={onRetry} onDiscard={onDiscard} />
        ) : (
          shown && (
            <div class="line-meta">
              {item.endsRun && <time dateTime={isoTime(item.timestamp)}>{clockTime(item.timestamp)}</time>}
              {item.delivery !== null && <Ticks delivery={item.delivery} />}
              {parts && <parts.Verdict item={item} verdict={verdicts?.get(item.seq ?? 0)} onRate={onRate} />}
            </div>
          )
        )}
      </div>
    </div>
  );
}

/** One's own name is for those who listen; it goes without saying for those who see. */
function LineName({ item, author, shown }: { item: BubbleItem; author: string; shown: boolean }) {
  if (!shown && item.sender !== 'ai') return <span class="hidden-text">{words.value.youSaid}</span>;
  return (
    <div class="line-name">
      <span dir="auto">{author}</span>
      {item.sender === 'ai' && <span class="mark">{words.value.ai}</span>}
    </div>
  );
}

function Author({ item, side, name }: { item: BubbleItem; side: Side; name: string }) {
  return side === 'user' && item.name === null ? <BrandFace size="small" /> : <Face name={name} size="small" />;
}

type Underway = Exclude<Delivery, 'failed'>;

const TICKS: Record<Underway, IconName> = { sending: 'clock', sent: 'check', seen: 'check-check' };

function Ticks({ delivery }: { delivery: Underway }) {
  return (
    <span class={`ticks ticks-${delivery}`} role="img" aria-label={words.value[delivery]}>
      <Icon name={TICKS[delivery]} />
      {delivery === 'seen' && <span aria-hidden="true">{words.value.seen}</span>}
    </span>
  );
}

interface FailureProps {
  failure: string | null;
  clientId: string;
  onRetry(clientId: string): void;
  onDiscard(clientId: string): void;
}

const FAILURES: Record<string, 'tooLong' | 'notAllowed' | 'wordsRefused'> = {
  too_large: 'tooLong',
  forbidden: 'notAllowed',
  words_refused: 'wordsRefused',
};

function Failure({ failure, clientId, onRetry, onDiscard }: FailureProps) {
  return (
    <div class="failure" role="alert">
      <Icon name="alert" />
      <span>{words.value[FAILURES[failure ?? ''] ?? 'notSent']}</span>
      {failure !== 'too_large' && (
        <button type="button" class="text-button" onClick={() => onRetry(clientId)}>
          {words.value.retry}
        </button>
      )}
      <button type="button" class="text-button" onClick={() => onDiscard(clientId)}>
        {words.value.remove}
      </button>
    </div>
  );
}
