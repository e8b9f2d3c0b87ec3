// The conversation on the screen, drawn whole. It stays where the reader is: at the end it follows, elsewhere it holds
// still and a pill tells of what came. It reports which message stands on the screen; whether that counts as read is
// decided by the client.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { shared as words } from '../words/index.ts';
import { aiParts } from './ai-parts.ts';
import { attention } from './attention.ts';
import { Bubble } from './bubble.tsx';
import { type BubbleItem, cameAfter, type ThreadItem, threadItems } from './thread-items.ts';
import { Day, Older, Pill, type ThreadProps, ThreadSkeleton, TypingLine } from './thread-parts.tsx';

/** Closer to the end than this counts as being there. */
const AT_END_PX = 48;
/** Older ones are fetched before one gets to the top. */
const NEAR_TOP_PX = 240;
/** So much of a message has to be in sight. */
const SHOWN_PX = 32;

export function Thread(props: ThreadProps) {
  const { view, side } = props;
  const { messages, pending, read, hasOlder } = view;
  const happened = view.ai?.lines;
  const items = useMemo(
    () => threadItems({ messages, lines: happened, pending, read, hasOlder }, side),
    [messages, happened, pending, read, hasOlder, side],
  );
  const parts = aiParts.value;
  const { scroller, log, fresh, away, follow, onScroll } = useFollowing(props, items);
  const empty = view.state === 'ready' && items.length === 0;

  return (
    <div class="thread">
      <section
        class="thread-scroller"
        ref={scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
        tabIndex={0}
        aria-label={words.value.conversation}
      >
        {view.state === 'loading' && items.length === 0 && <ThreadSkeleton />}
        {empty && props.empty}
        {view.state === 'ready' && !view.hasOlder && items.length > 0 && props.intro}
        {view.hasOlder && <Older state={view.older} onOlder={props.onOlder} />}
        <div
          ref={log}
          class="thread-log"
          role="log"
          aria-label={words.value.messages}
          aria-relevant="additions"
          aria-busy={view.older === 'loading'}
        >
          {items.map((item) => {
            if (item.kind === 'day') return <Day key={item.key} item={item} />;
            if (item.kind === 'event') return parts && <parts.Line key={item.key} event={item.event} />;
            return <Bubble key={item.key} item={item} verdicts={view.ai?.verdicts} {...props} />;
          })}
        </div>
        {parts && <parts.Draft view={view} />}
        <TypingLine view={view} peer={props.peer} />
      </section>
      <Pill fresh={fresh} away={away} onFollow={follow} />
    </div>
  );
}

/** Scrolling: follow the end, hold still elsewhere, whatever is inserted above or changes its height. */
function useFollowing(props: ThreadProps, items: ThreadItem[]) {
  const { view, onOlder, onShown } = props;
  const scroller = useRef<HTMLElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lastSeen = useRef('');
  /** The first message in sight and where it stands. */
  const anchor = useRef<{ element: HTMLElement; top: number } | null>(null);
  /** The height of the window onto the messages when we last placed it. */
  const frame = useRef(0);
  const [fresh, setFresh] = useState(0);
  /** So far from the end that a way back is welcome. */
  const [away, setAway] = useState(false);

  const last = items.findLast((item): item is BubbleItem => item.kind === 'bubble');
  const firstKey = items[0]?.key ?? '';
  const lastKey = last?.key ?? '';

  const report = () => {
    const element = scroller.current;
    if (!element) return;
    const bubbles = element.querySelectorAll<HTMLElement>('[data-seq]');
    onShown(lastInSight(element, bubbles), attention.value);
    anchor.current = firstInSight(element, bubbles);
  };

  const hold = (element: HTMLElement) => {
    const held = anchor.current;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    else if (held?.element.isConnected) element.scrollTop += topWithin(element, held.element) - held.top;
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
    const mineIsNew = last?.mine === true && last.seq === null && lastKey !== lastSeen.current;
    if (mineIsNew) atEnd.current = true;
    hold(element);
    if (atEnd.current) {
      setFresh(0);
    } else if (lastSeen.current !== '' && lastKey !== lastSeen.current) {
      const came = cameAfter(items, lastSeen.current);
      setFresh((count) => count + came);
    }
    lastSeen.current = lastKey;
    report();
  }, [
    items.length,
    firstKey,
    lastKey,
    view.typing !== null,
    view.ai?.draft?.text.length,
    view.older,
    view.read,
    attention.value,
  ]);

  // A page of few short messages does not fill the screen, and what does not scroll never asks for more.
  useEffect(() => {
    const element = scroller.current;
    if (element && view.hasOlder && view.older === 'idle' && element.scrollTop < NEAR_TOP_PX) onOlder();
  }, [view.hasOlder, view.older, firstKey]);

  // The composer grows, the keyboard opens, the window turns, plain text becomes rich: what was in sight stays.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !log.current) return;
    const observer = new ResizeObserver(() => {
      frame.current = element.clientHeight;
      hold(element);
      report();
    });
    observer.observe(element);
    observer.observe(log.current);
    return () => observer.disconnect();
  }, []);

  return { scroller, log, fresh, away, follow, onScroll };
}

function topWithin(scroller: HTMLElement, element: HTMLElement): number {
  return element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}

function lastInSight(scroller: HTMLElement, bubbles: ArrayLike<HTMLElement>): number {
  const end = scroller.getBoundingClientRect().bottom;
  const index = partition(bubbles, (bubble) => {
    const { top, height } = bubble.getBoundingClientRect();
    return height > 0 && top + Math.min(height, SHOWN_PX) <= end + 1;
  });
  return Number(bubbles[index - 1]?.dataset.seq ?? 0);
}

function firstInSight(scroller: HTMLElement, bubbles: ArrayLike<HTMLElement>) {
  const start = scroller.getBoundingClientRect().top;
  const element = bubbles[partition(bubbles, (bubble) => bubble.getBoundingClientRect().bottom <= start)];
  return element === undefined ? null : { element, top: element.getBoundingClientRect().top - start };
}

/** How many of the first ones hold, where those that hold come before those that do not. */
function partition(bubbles: ArrayLike<HTMLElement>, holds: (bubble: HTMLElement) => boolean): number {
  let [low, high] = [0, bubbles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const bubble = bubbles[middle];
    if (bubble && holds(bubble)) low = middle + 1;
    else high = middle;
  }
  return low;
}
