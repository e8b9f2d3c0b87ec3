// What a thread consists of besides bubbles, whether it is drawn whole or in part.

import type { ComponentChildren } from 'preact';
import type { ConversationView } from '../client/conversation.ts';
import type { Side } from '../client/frames.ts';
import { shared as words } from '../words/index.ts';
import { Icon } from './icons.tsx';
import type { ThreadItem } from './thread-items.ts';
import { dayName, isoTime } from './time.ts';

export interface ThreadProps {
  view: ConversationView;
  side: Side;
  /** How to call the other side where a message does not name its author. */
  peer: string;
  /** The name under which whoever reads this writes. */
  self?: string | null;
  /** Stands alone while nothing has been said. */
  empty: ComponentChildren;
  /** Stands above the very first message. */
  intro?: ComponentChildren;
  onOlder(): void;
  onShown(seq: number, attended: boolean): void;
  onRetry(clientId: string): void;
  onDiscard(clientId: string): void;
  /** Judges an answer of the AI, for who may. */
  onRate?(seq: number, helpful: boolean): void;
}

export function Day({ item }: { item: Extract<ThreadItem, { kind: 'day' }> }) {
  return (
    <div class="day">
      <time dateTime={isoTime(item.timestamp)}>{dayName(item.timestamp, new Date())}</time>
    </div>
  );
}

export function Older({ state, onOlder }: { state: ConversationView['older']; onOlder(): void }) {
  return (
    <div class="older">
      {state === 'loading' && words.value.loadingEarlier}
      {state === 'failed' && (
        <>
          {words.value.earlierFailed}{' '}
          <button type="button" class="text-button" onClick={onOlder}>
            {words.value.retry}
          </button>
        </>
      )}
    </div>
  );
}

export function TypingLine({ view, peer }: { view: ConversationView; peer: string }) {
  return (
    <div class="typing" role="status">
      {view.typing && (
        <span class="typing-bubble">
          <span class="hidden-text">{words.value.isTyping(view.typing.name ?? peer)}</span>
          <i />
          <i />
          <i />
        </span>
      )}
    </div>
  );
}

/** `fresh`: how many came unseen; `away`: so far from the end that a way back is welcome. */
export function Pill({ fresh, away, onFollow }: { fresh: number; away: boolean; onFollow(): void }) {
  if (fresh > 0) {
    return (
      <button type="button" class="pill" onClick={onFollow}>
        {words.value.newMessages(fresh)}
        <Icon name="arrow-down" />
      </button>
    );
  }
  if (!away) return null;
  return (
    <button type="button" class="pill pill-quiet" aria-label={words.value.toLatest} onClick={onFollow}>
      <Icon name="arrow-down" />
    </button>
  );
}

export function ThreadSkeleton() {
  return (
    <div class="thread-skeleton" aria-hidden="true">
      <span class="skeleton" />
      <span class="skeleton" />
      <span class="skeleton" />
    </div>
  );
}
