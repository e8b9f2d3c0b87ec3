// The conversation on the agent's screen, of which only what is in sight is drawn, so that 20,000 messages scroll like
// twenty. It follows the end, holds still elsewhere, and keeps its place while older ones come in above.

import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { AiDraft, aiName, draftShown } from '../parts/ai-draft.tsx';
import { attention } from '../parts/attention.ts';
import { Bubble } from '../parts/bubble.tsx';
import { type BubbleItem, cameAfter, type ThreadItem, threadItems } from '../parts/thread-items.ts';
import { Day, Older, Pill, type ThreadProps, ThreadSkeleton } from '../parts/thread-parts.tsx';
import { words } from '../words/index.ts';
import { estimate } from './estimate.ts';
import { AgentsLine } from './moderation.tsx';
import { useVirtual, type Virtual, type Virtualized } from './virtual.ts';

const AT_END_PX = 48;
/** Older ones are fetched so far before one gets to the first. */
const NEAR_TOP_ITEMS = 40;
/** So much of a message has to be in sight. */
const SHOWN_PX = 32;
const OVERSCAN = 12;
/** No conversation is drawn wider: `--thread-width`. */
const THREAD_PX = 752;

/** The line that an AI is writing. */
const WRITING = { kind: 'draft', key: 'draft' } as const;
type Item = ThreadItem | typeof WRITING;

interface VirtualThreadProps extends ThreadProps {
  /** The message to show, if the address names one. */
  sought: number | null;
}

export function VirtualThread(props: VirtualThreadProps) {
  const { view, side, sought } = props;
  const { messages, pending, read, hasOlder } = view;
  const happened = view.ai?.lines;
  const lines = useMemo(
    () => threadItems({ messages, lines: happened, pending, read, hasOlder }, side),
    [messages, happened, pending, read, hasOlder, side],
  );
  const draft = draftShown(view.ai);
  const writing = draft !== null;
  const items = useMemo<Item[]>(() => (writing ? [...lines, WRITING] : lines), [lines, writing]);
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtual({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    estimateSize: useEstimates(items, scroller, props.self ?? null),
    overscan: OVERSCAN,
    // Room for the word on older ones.
    paddingStart: hasOlder ? 40 : 8,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END_PX,
  });
  useSteadyText(items, virtual, scroller);
  const { fresh, away, follow, onScroll } = useFollowing(props, items, virtual, scroller);
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
        {!empty && (
          <div
            class="slots"
            role="log"
            // Scrolling draws old messages anew; what is really new is announced below.
            aria-live="off"
            aria-label={words.value.messages}
            aria-busy={view.older === 'loading'}
            style={{ blockSize: `${virtual.getTotalSize()}px` }}
          >
            {view.hasOlder && <Older state={view.older} onOlder={props.onOlder} />}
            {virtual.getVirtualItems().map(({ index, key, start }) => {
              const item = items[index];
              return (
                item && (
                  <Slot key={key} index={index} start={start} virtual={virtual} sought={isSought(item, sought)}>
                    {item.kind === 'day' && <Day item={item} />}
                    {item.kind === 'event' && <AgentsLine event={item.event} />}
                    {item.kind === 'bubble' && <Bubble item={item} verdicts={view.ai?.verdicts} {...props} />}
                    {item.kind === 'draft' && draft && <AiDraft draft={draft} name={aiName(messages)} mine />}
                  </Slot>
                )
              );
            })}
          </div>
        )}
      </section>
      <Announcement items={items} peer={props.peer} ready={view.state === 'ready'} />
      {view.seeking && (
        <div class="seeking" role="status">
          {words.value.toMessage}
        </div>
      )}
      <Pill fresh={fresh} away={away} onFollow={follow} />
    </div>
  );
}

interface SlotProps {
  index: number;
  start: number;
  virtual: Virtual;
  sought: boolean;
  children: ComponentChildren;
}

function Slot({ index, start, virtual, sought, children }: SlotProps) {
  return (
    <div
      ref={virtual.measureElement}
      data-index={index}
      class={sought ? 'slot slot-sought' : 'slot'}
      style={{ transform: `translateY(${start}px)` }}
    >
      {children}
    </div>
  );
}

/**
 * The first of a page loses its name and the room above it when older ones of the same run come in before it. Its text, and
 * all below, stay where they are: what changes is above them.
 */
function useSteadyText(items: readonly Item[], virtual: Virtual, scroller: { current: HTMLElement | null }): void {
  const formerFirst = useRef(new Set<Virtualized['key']>());
  const before = useRef<{ key: string | undefined; line: Virtualized | undefined; offset: number } | null>(null);
  virtual.shouldAdjustScrollPositionOnItemSizeChange = (
    item,
    _delta,
    { itemSizeCache, scrollOffset, scrollDirection },
  ) => {
    const top = scrollOffset ?? 0;
    if (!itemSizeCache.has(item.key)) return item.start < top;
    return formerFirst.current.has(item.key) || (item.end <= top && scrollDirection !== 'backward');
  };
  const key = items.find(({ kind }) => kind === 'bubble')?.key;
  const drawn = virtual.getVirtualItems();

  useLayoutEffect(() => {
    const was = before.current;
    before.current = { key, line: drawn.find((line) => line.key === key), offset: virtual.scrollOffset ?? 0 };
    if (was?.key === undefined || was.key === key) return;
    formerFirst.current.add(was.key);
    const now = drawn.find((line) => line.key === was.key);
    // Further down, the virtualizer holds on to a line whose measure does not change.
    if (!now || !was.line || !scroller.current || was.offset >= was.line.end) return;
    scroller.current.scrollTop += now.size - was.line.size;
  });
}

/** Each is reckoned once, though the virtualizer asks for all of them again and again. */
function useEstimates(items: readonly Item[], scroller: { current: HTMLElement | null }, self: string | null) {
  return useMemo(() => {
    const known = new Float64Array(items.length);
    const width = Math.min(scroller.current?.clientWidth || THREAD_PX, THREAD_PX);
    return (index: number) => {
      known[index] ||= estimate(items[index], width, self);
      return known[index] ?? 0;
    };
  }, [items, self]);
}

function isSought(item: Item, sought: number | null): boolean {
  return item.kind === 'bubble' && item.seq !== null && item.seq === sought;
}

/** Says the newest message of the other side once, to those who listen. */
function Announcement({ items, peer, ready }: { items: readonly Item[]; peer: string; ready: boolean }) {
  const last = items.findLast((item): item is BubbleItem => item.kind === 'bubble' && !item.mine && item.seq !== null);
  const known = useRef<number | null>(null);
  const [said, say] = useState<BubbleItem | null>(null);
  useEffect(() => {
    if (!ready) return;
    const seq = last?.seq ?? 0;
    if (known.current !== null && seq > known.current) say(last ?? null);
    known.current = seq;
  }, [ready, last?.seq]);
  return (
    <div class="hidden-text" role="status">
      {said && (
        <p key={said.key}>
          {words.value.somebodySaid(said.name ?? peer)} <bdi>{said.text}</bdi>
        </p>
      )}
    </div>
  );
}

function useFollowing(
  props: VirtualThreadProps,
  items: readonly Item[],
  virtual: Virtual,
  scroller: { current: HTMLElement | null },
) {
  const { view, sought, onOlder, onShown } = props;
  const atEnd = useRef(true);
  const lastSeen = useRef('');
  /** The message of the address that has been shown: once it is, the reader moves freely. */
  const found = useRef<number | null>(null);
  const [fresh, setFresh] = useState(0);
  const [away, setAway] = useState(false);

  const last = items.findLast((item): item is BubbleItem => item.kind === 'bubble');
  const lastKey = last?.key ?? '';
  const soughtIndex =
    sought === null || sought === found.current || view.seeking
      ? -1
      : items.findIndex((item) => isSought(item, sought));
  const firstDrawn = virtual.getVirtualItems()[0]?.index ?? 0;

  const report = () => {
    if (scroller.current) onShown(lastInSight(virtual, items, scroller.current), attention.value);
  };

  const follow = () => {
    atEnd.current = true;
    virtual.scrollToEnd();
    setFresh(0);
    setAway(false);
  };

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    atEnd.current = below < AT_END_PX;
    setAway(below > element.clientHeight);
    if (atEnd.current) setFresh(0);
    report();
  };

  useLayoutEffect(() => {
    const was = lastSeen.current;
    lastSeen.current = lastKey;
    if (soughtIndex >= 0) {
      found.current = sought;
      atEnd.current = false;
      virtual.scrollToIndex(soughtIndex, { align: 'center' });
      return;
    }
    if (lastKey === was) return;
    const mineIsNew = last?.mine === true && last.seq === null;
    if (was === '' || mineIsNew) follow();
    else if (!atEnd.current) setFresh((count) => count + cameAfter(items, was));
  }, [lastKey, soughtIndex]);

  useEffect(report, [items, view.read, attention.value, firstDrawn]);

  useEffect(() => {
    if (view.hasOlder && view.older === 'idle' && !view.seeking && firstDrawn < NEAR_TOP_ITEMS) onOlder();
  }, [view.hasOlder, view.older, view.seeking, firstDrawn, items.length]);

  // The composer grows, the keyboard opens, the window turns: the end stays in sight.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => atEnd.current && virtual.scrollToEnd());
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { fresh, away, follow, onScroll };
}

function lastInSight(virtual: Virtual, items: readonly Item[], scroller: HTMLElement): number {
  const end = scroller.scrollTop + scroller.clientHeight;
  for (const { index, start, size } of virtual.getVirtualItems().toReversed()) {
    const item = items[index];
    if (item?.kind === 'bubble' && item.seq !== null && start + Math.min(size, SHOWN_PX) <= end + 1) return item.seq;
  }
  return 0;
}
