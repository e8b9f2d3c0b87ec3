// One message on the screen: text as it was written, never markup; the time at the end of a run; ticks; a failed one
// with what can be done about it.

import type { Side } from '../client/frames.ts';
import { BrandFace, Face } from './face.tsx';
import { Icon, type IconName } from './icons.tsx';
import type { BubbleItem, Delivery } from './thread-items.ts';
import { clockTime, fullTime, instant } from './time.ts';

interface BubbleProps {
  item: BubbleItem;
  side: Side;
  peer: string;
  onRetry(clientId: string): void;
  onDiscard(clientId: string): void;
}

export function Bubble({ item, side, peer, onRetry, onDiscard }: BubbleProps) {
  const author = item.name ?? (item.sender === 'ai' ? 'Assistant' : item.mine ? 'You' : peer);
  const classes = ['line', item.mine ? 'line-mine' : 'line-theirs'];
  if (item.startsRun) classes.push('line-first');
  if (item.endsRun) classes.push('line-last');
  if (item.sender === 'ai') classes.push('line-ai');
  if (item.delivery === 'failed') classes.push('line-failed');
  const shown = item.endsRun || item.delivery !== null;
  return (
    <div class={classes.join(' ')} data-seq={item.seq ?? undefined}>
      {!item.mine && (
        <span class="line-face">{item.startsRun && <Author item={item} side={side} name={author} />}</span>
      )}
      <div class="line-body">
        {item.startsRun && <LineName item={item} author={author} />}
        <div class="bubble" dir="auto" title={fullTime(item.timestamp)}>
          {item.text}
        </div>
        {item.delivery === 'failed' && item.clientId !== null ? (
          <Failure failure={item.failure} clientId={item.clientId} onRetry={onRetry} onDiscard={onDiscard} />
        ) : (
          shown && (
            <div class="line-meta">
              {item.endsRun && <time dateTime={safeIso(item.timestamp)}>{clockTime(item.timestamp)}</time>}
              {item.delivery !== null && <Ticks delivery={item.delivery} />}
            </div>
          )
        )}
      </div>
    </div>
  );
}

/** One's own name is for those who listen; it goes without saying for those who see. */
function LineName({ item, author }: { item: BubbleItem; author: string }) {
  if (item.mine && item.sender !== 'ai') return <span class="hidden-text">You said:</span>;
  return (
    <div class="line-name">
      <span dir="auto">{author}</span>
      {item.sender === 'ai' && <span class="mark">AI</span>}
    </div>
  );
}

function Author({ item, side, name }: { item: BubbleItem; side: Side; name: string }) {
  return side === 'user' && item.name === null ? <BrandFace size="small" /> : <Face name={name} size="small" />;
}

const TICKS: Record<Exclude<Delivery, 'failed'>, { icon: IconName; label: string }> = {
  sending: { icon: 'clock', label: 'Sending' },
  sent: { icon: 'check', label: 'Sent' },
  seen: { icon: 'check-check', label: 'Seen' },
};

function Ticks({ delivery }: { delivery: Delivery }) {
  if (delivery === 'failed') return null;
  const { icon, label } = TICKS[delivery];
  return (
    <span class={`ticks ticks-${delivery}`} role="img" aria-label={label}>
      <Icon name={icon} />
      {delivery === 'seen' && <span aria-hidden="true">Seen</span>}
    </span>
  );
}

interface FailureProps {
  failure: string | null;
  clientId: string;
  onRetry(clientId: string): void;
  onDiscard(clientId: string): void;
}

function Failure({ failure, clientId, onRetry, onDiscard }: FailureProps) {
  return (
    <div class="failure" role="alert">
      <Icon name="alert" />
      <span>{failureText(failure)}</span>
      {failure !== 'too_large' && (
        <button type="button" class="text-button" onClick={() => onRetry(clientId)}>
          Retry
        </button>
      )}
      <button type="button" class="text-button" onClick={() => onDiscard(clientId)}>
        Delete
      </button>
    </div>
  );
}

function failureText(code: string | null): string {
  switch (code) {
    case 'too_large':
      return 'Too long to send.';
    case 'forbidden':
      return 'Not allowed here.';
    default:
      return 'Not sent.';
  }
}

function safeIso(timestamp: string): string | undefined {
  const date = instant(timestamp);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
