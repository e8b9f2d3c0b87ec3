// The conversations, last activity first; drawn as far as they are in sight. Rows that move elsewhere in the list do not
// move the reader's place.

import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { AgentClient } from '../client/agent.ts';
import { type Row, type RowMessage, sideOf } from '../client/frames.ts';
import type { InboxView } from '../client/inbox.ts';
import { fullTime, isoTime, listTime } from '../parts/time.ts';
import { words } from '../words/index.ts';
import { addressOf } from './agent-state.ts';
import { RowFlag } from './moderation.tsx';
import { preview } from './preview.ts';
import { RowFace, Waited } from './row-marks.tsx';
import { useVirtual } from './virtual.ts';

const ROW_PX = 68;
const OVERSCAN = 8;
/** The next page is asked for so many rows before the last. */
const NEAR_END_ROWS = 60;
/** The server stops counting here. */
const MANY = 100;

interface InboxListProps {
  client: AgentClient;
  inbox: InboxView;
  selected: string | undefined;
  self: string | null;
}

export function InboxList({ client, inbox, selected, self }: InboxListProps) {
  const { rows } = inbox;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtual({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.conversation ?? index, [rows]),
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useSteadyPlace(rows, scroller);

  useEffect(() => {
    if (inbox.hasMore && !inbox.loadingMore && lastDrawn > rows.length - NEAR_END_ROWS) client.inbox.more();
  }, [inbox.hasMore, inbox.loadingMore, lastDrawn, rows.length]);

  useEffect(() => {
    const index = rows.findIndex((row) => row.email === selected);
    if (index >= 0) virtual.scrollToIndex(index);
  }, [selected]);

  return (
    <div class="inbox-scroller" ref={scroller}>
      <ul class="slots" style={{ blockSize: `${virtual.getTotalSize()}px` }}>
        {drawn.map(({ index, key, start }) => {
          const row = rows[index];
          return (
            row && (
              <li
                key={key}
                class="slot"
                style={{ transform: `translateY(${start}px)` }}
                aria-posinset={index + 1}
                aria-setsize={inbox.hasMore ? -1 : rows.length}
              >
                <InboxRow row={row} selected={row.email === selected} self={self} />
              </li>
            )
          );
        })}
      </ul>
      {inbox.hasMore && (
        <div class="inbox-more">
          {inbox.loadingMore ? (
            words.value.loadingMore
          ) : (
            <button type="button" class="text-button" onClick={() => client.inbox.more()}>
              {words.value.showMore}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** At the top the newest is what one wants to see; further down the first row in sight stays where it is. */
function useSteadyPlace(rows: readonly Row[], scroller: { current: HTMLElement | null }) {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const was = before.current;
    before.current = rows;
    const element = scroller.current;
    if (!element || was === rows || element.scrollTop < ROW_PX) return;
    const index = Math.floor(element.scrollTop / ROW_PX);
    const held = was[index]?.conversation;
    if (held === undefined || rows[index]?.conversation === held) return;
    // A row that moved away itself is not followed; its neighbour is.
    const neighbour = was[index + 1]?.conversation;
    const shift = shiftOf(rows, held, index) ?? shiftOf(rows, neighbour, index + 1) ?? 0;
    element.scrollTop += shift * ROW_PX;
  }, [rows]);
}

/** How far a row was pushed by few others; null if it went elsewhere. */
function shiftOf(rows: readonly Row[], conversation: string | undefined, index: number): number | null {
  for (const shift of [1, -1, 2, -2, 3, -3, 4, -4]) {
    if (conversation !== undefined && rows[index + shift]?.conversation === conversation) return shift;
  }
  return rows[index]?.conversation === conversation ? 0 : null;
}

function InboxRow({ row, selected, self }: { row: Row; selected: boolean; self: string | null }) {
  const time = row.last_message?.timestamp ?? row.active_at;
  return (
    <a
      class={row.unread > 0 ? 'row row-unread' : 'row'}
      href={addressOf(row.email)}
      aria-current={selected ? 'true' : undefined}
    >
      <RowFace row={row} />
      <span class="row-name" dir="auto">
        {row.email}
      </span>
      <time class="row-time" dateTime={isoTime(time)} title={fullTime(time)}>
        {listTime(time, new Date())}
      </time>
      <span class="row-text row-preview">
        {row.flagged && <RowFlag />}
        {row.queued_at !== undefined && <Waited since={row.queued_at} />}
        {row.last_message === null ? words.value.noMessagesYet : <Preview last={row.last_message} self={self} />}
      </span>
      {row.unread > 0 && (
        <span class="row-count">
          <span aria-hidden="true">
            {row.unread >= MANY ? words.value.moreThan(MANY - 1) : words.value.exactly(row.unread)}
          </span>
          <span class="hidden-text">{words.value.unreadCount(row.unread)}</span>
        </span>
      )}
    </a>
  );
}

function Preview({ last, self }: { last: RowMessage; self: string | null }) {
  return (
    <>
      <Author last={last} self={self} />
      <bdi>{preview(last.content)}</bdi>
    </>
  );
}

/** The space is for those who hear the line; on the screen there is a gap. */
function Author({ last, self }: { last: RowMessage; self: string | null }) {
  if (sideOf(last.sender_type) !== 'admin') return null;
  const name = last.sender?.name;
  if (last.sender_type === 'ai') return <span class="row-by">{words.value.byAi} </span>;
  if (name === undefined || name === self || self === null) return <span class="row-by">{words.value.byYou} </span>;
  return <bdi class="row-by">{`${name}: `}</bdi>;
}
