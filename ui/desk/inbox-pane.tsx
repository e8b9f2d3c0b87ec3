// The list of conversations.

import type { AgentClient, AgentView } from '../client/agent.ts';
import { type Row, sideOf } from '../client/frames.ts';
import { Face } from '../parts/face.tsx';
import { Place } from '../parts/notices.tsx';
import { fullTime, listTime } from '../parts/time.ts';
import { addressOf } from './agent-state.ts';

const NEAR_END_PX = 300;
/** The server stops counting here. */
const MANY = 100;

export function InboxPane({ client, view, unread }: { client: AgentClient; view: AgentView; unread: number }) {
  const { inbox, open } = view;
  const onScroll = (event: Event) => {
    const element = event.currentTarget as HTMLElement;
    if (element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX) client.inbox.more();
  };
  return (
    <nav class="inbox" aria-label="Conversations">
      <header class="bar">
        <h1>Inbox</h1>
        {unread > 0 && <span class="bar-count">{unread} unread</span>}
      </header>
      <div class="inbox-scroller" onScroll={onScroll}>
        {inbox.state === 'loading' && <InboxSkeleton />}
        {inbox.state === 'refused' && (
          <Place icon="alert" title="The inbox did not load">
            <button type="button" class="button button-quiet" onClick={() => client.inbox.fetch()}>
              Retry
            </button>
          </Place>
        )}
        {inbox.state === 'ready' && inbox.rows.length === 0 && (
          <Place icon="inbox" title="No conversations yet">
            <p>The first message of a visitor opens one.</p>
          </Place>
        )}
        <ul>
          {inbox.rows.map((row) => (
            <li key={row.conversation}>
              <InboxRow row={row} selected={row.email === open?.email} />
            </li>
          ))}
        </ul>
        {inbox.hasMore && (
          <div class="inbox-more">
            {inbox.loadingMore ? (
              'Loading more…'
            ) : (
              <button type="button" class="text-button" onClick={() => client.inbox.more()}>
                Show more
              </button>
            )}
          </div>
        )}
      </div>
    </nav>
  );
}

function InboxRow({ row, selected }: { row: Row; selected: boolean }) {
  const classes = ['row'];
  if (row.unread > 0) classes.push('row-unread');
  const time = row.last_message?.timestamp ?? row.active_at;
  return (
    <a class={classes.join(' ')} href={addressOf(row.email)} aria-current={selected ? 'true' : undefined}>
      <Face name={row.email} />
      <span class="row-name" dir="auto">
        {row.email}
      </span>
      <time class="row-time" title={fullTime(time)}>
        {listTime(time, new Date())}
      </time>
      <span class="row-text" dir="auto">
        {preview(row)}
      </span>
      {row.unread > 0 && (
        <span class="row-count">
          {row.unread >= MANY ? `${MANY - 1}+` : row.unread}
          <span class="hidden-text"> unread</span>
        </span>
      )}
    </a>
  );
}

function preview(row: Row) {
  const last = row.last_message;
  if (last === null) return 'No messages yet';
  const by = last.sender_type === 'ai' ? 'AI: ' : sideOf(last.sender_type) === 'admin' ? 'You: ' : '';
  return (
    <>
      {by && <span class="row-by">{by}</span>}
      <bdi>{last.content}</bdi>
    </>
  );
}

function InboxSkeleton() {
  return (
    <div class="inbox-skeleton" aria-hidden="true">
      {[1, 2, 3, 4, 5].map((line) => (
        <div key={line}>
          <span class="skeleton" />
          <span class="skeleton" />
          <span class="skeleton" />
        </div>
      ))}
    </div>
  );
}
