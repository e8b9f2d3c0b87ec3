// The conversation on the screen. It stays where the reader is: at the end it follows, elsewhere it holds still and a
// pill tells of what came. It reports which message stands on the screen; whether that counts as read is decided by the
// client.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConversationView } from '../client/conversation.ts';
import type { Side } from '../client/frames.ts';
import { attention } from './attention.ts';
import { Bubble } from './bubble.tsx';
import { Icon } from './icons.tsx';
import { type BubbleItem, type ThreadItem, threadItems } from './thread-items.ts';
import { dayName } from './time.ts';

/** Closer to the end than this counts as being there. */
const AT_END_PX = 48;
/** Older ones are fetched before one gets to the top. */
const NEAR_TOP_PX = 240;
/** So much of a message has to be in sight. */
const SHOWN_PX = 32;

interface ThreadProps {
  view: ConversationView;
  side: Side;
  /** How to call the other side where a message does not name its author. */
  peer: string;
  label: string;
  /** Stands alone while nothing has been said. */
  empty: ComponentChildren;
  /** Stands above the very first message. */
  intro?: ComponentChildren;
  onOlder(): void;
  onShown(seq: number, attended: boolean): void;
  onRetry(clientId: string): void;
  onDiscard(clientId: string): void;
}

export function Thread(props: ThreadProps) {
  const { view, side } = props;
  const items = threadItems(view, side);
  const { scroller, fresh, away, follow, onScroll } = useFollowing(props, items);
  const empty = view.state === 'ready' && items.length === 0;

  return (
    <div class="thread">
      <section
        class="thread-scroller"
        ref={scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
        tabIndex={0}
        aria-label={props.label}
      >
        {view.state === 'loading' && items.length === 0 && <ThreadSkeleton />}
        {empty && props.empty}
        {view.state === 'ready' && !view.hasOlder && items.length > 0 && props.intro}
        {view.hasOlder && <Older state={view.older} onOlder={props.onOlder} />}
        <div
          class="thread-log"
          role="log"
          aria-label="Messages"
          aria-relevant="additions"
          aria-busy={view.older === 'loading'}
        >
          {items.map((item) =>
            item.kind === 'day' ? <Day key={item.key} item={item} /> : <Bubble key={item.key} item={item} {...props} />,
          )}
        </div>
        <TypingLine view={view} peer={props.peer} />
      </section>
      {fresh > 0 ? (
        <button type="button" class="pill" onClick={follow}>
          {fresh === 1 ? '1 new message' : `${fresh} new messages`}
          <Icon name="arrow-down" />
        </button>
      ) : (
        away && (
          <button type="button" class="pill pill-quiet" aria-label="Go to the latest message" onClick={follow}>
            <Icon name="arrow-down" />
          </button>
        )
      )}
    </div>
  );
}

function Day({ item }: { item: Extract<ThreadItem, { kind: 'day' }> }) {
  return (
    <div class="day">
      <span>{dayName(item.timestamp, new Date())}</span>
    </div>
  );
}

function Older({ state, onOlder }: { state: ConversationView['older']; onOlder(): void }) {
  return (
    <div class="older">
      {state === 'loading' && 'Loading earlier messages…'}
      {state === 'failed' && (
        <>
          Earlier messages did not load.{' '}
          <button type="button" class="text-button" onClick={onOlder}>
            Retry
          </button>
        </>
      )}
    </div>
  );
}

function TypingLine({ view, peer }: { view: ConversationView; peer: string }) {
  return (
    <div class="typing" role="status">
      {view.typing && (
        <span class="typing-bubble">
          <span class="hidden-text">{view.typing.name ?? peer} is typing</span>
          <i />
          <i />
          <i />
        </span>
      )}
    </div>
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

/** Scrolling: follow the end, hold still elsewhere, keep the place when older ones come in above. */
function useFollowing(props: ThreadProps, items: ThreadItem[]) {
  const { view, onOlder, onShown } = props;
  const scroller = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const before = useRef({ height: 0, firstKey: '', lastKey: '' });
  /** The height of the window onto the messages when we last placed it. */
  const frame = useRef(0);
  const [fresh, setFresh] = useState(0);
  /** So far from the end that a way back is welcome. */
  const [away, setAway] = useState(false);

  const bubbles = items.filter((item): item is BubbleItem => item.kind === 'bubble');
  const firstKey = bubbles[0]?.key ?? '';
  const last = bubbles.at(-1);
  const lastKey = last?.key ?? '';

  const report = () => {
    const element = scroller.current;
    if (element) onShown(lastInSight(element), attention.value);
  };

  const follow = () => {
    const element = scroller.current;
    if (!element) return;
    atEnd.current = true;
    element.scrollTop = element.scrollHeight;
    setFresh(0);
    setAway(false);
    report();
  };

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    // A composer that grew has taken the end away, not the reader; the observer below comes only after this event.
    if (atEnd.current && element.clientHeight !== frame.current) {
      frame.current = element.clientHeight;
      element.scrollTop = element.scrollHeight;
      return;
    }
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    atEnd.current = below < AT_END_PX;
    setAway(below > element.clientHeight);
    if (atEnd.current) setFresh(0);
    if (element.scrollTop < NEAR_TOP_PX && view.hasOlder && view.older === 'idle') onOlder();
    report();
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const was = before.current;
    const grownAbove = was.firstKey !== '' && firstKey !== was.firstKey && lastKey === was.lastKey;
    const mineIsNew = last?.mine === true && last.seq === null && lastKey !== was.lastKey;
    if (atEnd.current || mineIsNew) {
      atEnd.current = true;
      element.scrollTop = element.scrollHeight;
      setFresh(0);
    } else if (grownAbove) {
      element.scrollTop += element.scrollHeight - was.height;
    } else if (was.lastKey !== '' && lastKey !== was.lastKey) {
      const index = bubbles.findIndex((bubble) => bubble.key === was.lastKey);
      const came = bubbles.slice(index + 1).filter((bubble) => !bubble.mine).length;
      setFresh((count) => count + came);
    }
    before.current = { height: element.scrollHeight, firstKey, lastKey };
    report();
  }, [items.length, firstKey, lastKey, view.typing !== null, view.older, view.read, attention.value]);

  // A page of few short messages does not fill the screen, and what does not scroll never asks for more.
  useEffect(() => {
    const element = scroller.current;
    if (element && view.hasOlder && view.older === 'idle' && element.scrollTop < NEAR_TOP_PX) onOlder();
  }, [view.hasOlder, view.older, firstKey]);

  // The composer grows, the keyboard opens, the window turns: the end stays in sight.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      frame.current = element.clientHeight;
      if (atEnd.current) element.scrollTop = element.scrollHeight;
      before.current.height = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { scroller, fresh, away, follow, onScroll };
}

function lastInSight(element: HTMLElement): number {
  const end = element.getBoundingClientRect().bottom;
  const bubbles = element.querySelectorAll<HTMLElement>('[data-seq]');
  for (let i = bubbles.length - 1; i >= 0; i -= 1) {
    const bubble = bubbles[i];
    if (!bubble) continue;
    const { top, height } = bubble.getBoundingClientRect();
    if (height > 0 && top + Math.min(height, SHOWN_PX) <= end + 1) return Number(bubble.dataset.seq);
  }
  return 0;
}
