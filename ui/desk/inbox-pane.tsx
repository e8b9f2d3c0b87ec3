// The left column: search, filters, and the list or what was found.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { AgentClient, AgentView } from '../client/agent.ts';
import type { Filter } from '../client/inbox.ts';
import { Icon } from '../parts/icons.tsx';
import { Place } from '../parts/notices.tsx';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { show } from './agent-state.ts';
import { AgentsButtons } from './agents-buttons.tsx';
import { AiSettingsButton } from './ai-settings-button.tsx';
import { alerts, blocked, toggleAlerts } from './alerts.ts';
import { DeskIcon } from './icons.tsx';
import { InboxList } from './inbox-list.tsx';
import { WordListsButton } from './moderation.tsx';
import { stillIn } from './own-login.ts';
import { SearchResults } from './search-results.tsx';

/** Long enough that not every letter is a question, short enough that nobody waits. */
const PAUSE_MS = 150;

interface InboxPaneProps {
  client: AgentClient;
  view: AgentView;
  unread: number;
  self: string | null;
}

export function InboxPane({ client, view, unread, self }: InboxPaneProps) {
  const { inbox, search, open } = view;
  const waiting = inbox.rows.filter(({ queued_at }) => queued_at !== undefined).length;
  const flagged = inbox.rows.filter((row) => row.flagged).length;
  return (
    <nav class="inbox" aria-label={words.value.conversations}>
      <header class="bar">
        <h1>{words.value.inbox}</h1>
        <BarButtons />
      </header>
      <div class="inbox-tools">
        <SearchField client={client} />
        {search.state === 'idle' && <Filters filter={inbox.filter} counts={{ unread, waiting, flagged }} />}
        {stillIn.value && (
          <p class="inbox-note" role="alert">
            {words.value.notChanged}
          </p>
        )}
        {blocked.value && (
          <p class="inbox-note" role="status">
            {words.value.alertsBlocked}
          </p>
        )}
      </div>
      {search.state === 'idle' ? (
        <>
          <Instead client={client} view={view} />
          {inbox.rows.length > 0 && (
            <InboxList key={inbox.filter} client={client} inbox={inbox} selected={open?.email} self={self} />
          )}
        </>
      ) : (
        <SearchResults client={client} search={search} selected={open?.email} />
      )}
    </nav>
  );
}

function BarButtons() {
  const { alertsOn, alertsOff, openCommands } = words.value;
  const alertsLabel = alerts.value ? alertsOff : alertsOn;
  return (
    <div class="bar-buttons">
      <AiSettingsButton />
      <WordListsButton />
      <AgentsButtons />
      <button
        type="button"
        class="icon-button"
        aria-label={alertsLabel}
        title={alertsLabel}
        aria-pressed={alerts.value}
        onClick={toggleAlerts}
      >
        <DeskIcon name={alerts.value ? 'bell' : 'bell-off'} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={openCommands}
        title={openCommands}
        onClick={() => {
          overlay.value = 'palette';
        }}
      >
        <DeskIcon name="command" />
      </button>
    </div>
  );
}

function SearchField({ client }: { client: AgentClient }) {
  const [text, setText] = useState(client.search.view().query);
  const asked = useRef(text);
  useEffect(() => {
    if (text === asked.current) return;
    const find = () => {
      asked.current = text;
      client.search.find(text);
    };
    if (text.trim() === '') {
      find();
      return;
    }
    const timer = window.setTimeout(find, PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [text]);

  return (
    <search class="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        dir={text === '' ? undefined : 'auto'}
        autocomplete="off"
        spellcheck={false}
        aria-label={words.value.search}
        aria-keyshortcuts="/"
        placeholder={words.value.search}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.isComposing) setText('');
        }}
      />
      {text === '' ? (
        <kbd>/</kbd>
      ) : (
        <button type="button" class="search-clear" aria-label={words.value.clearSearch} onClick={() => setText('')}>
          <Icon name="close" />
        </button>
      )}
    </search>
  );
}

interface FiltersProps {
  filter: Filter;
  counts: Record<Exclude<Filter, 'all'>, number>;
}

function Filters({ filter, counts }: FiltersProps) {
  const choice = (which: Filter, name: string, count = 0) => (
    <button type="button" class="filter" aria-pressed={filter === which} onClick={() => show(which)}>
      {name}
      {count > 0 && <span class="filter-count">{words.value.exactly(count)}</span>}
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent
    <div class="filters" role="group" aria-label={words.value.filter}>
      {choice('all', words.value.all)}
      {choice('unread', words.value.unread, counts.unread)}
      {choice('waiting', words.value.waiting, counts.waiting)}
      {choice('flagged', words.value.flagged, counts.flagged)}
    </div>
  );
}

/** What stands in place of the list while there is none. */
function Instead({ client, view }: { client: AgentClient; view: AgentView }) {
  const { state, rows, filter } = view.inbox;
  const said = words.value;
  if (state === 'loading' && rows.length === 0) return <InboxSkeleton />;
  if (state === 'refused') {
    return (
      <Place icon="alert" title={said.inboxFailed}>
        <button type="button" class="button button-quiet" onClick={() => client.inbox.fetch()}>
          {said.retry}
        </button>
      </Place>
    );
  }
  if (state !== 'ready' || rows.length > 0) return null;
  const none: Record<Exclude<Filter, 'all'>, [string, string]> = {
    unread: [said.nothingUnread, said.allRead],
    waiting: [said.nobodyWaits, said.allHelped],
    flagged: [said.nothingFlagged, said.allReviewed],
  };
  return filter === 'all' ? (
    <Place icon="inbox" title={said.noConversations}>
      <p>{said.firstMessageOpens}</p>
    </Place>
  ) : (
    <Place icon="check-check" title={none[filter][0]}>
      <p>{none[filter][1]}</p>
      <button type="button" class="button button-quiet" onClick={() => show('all')}>
        {said.showAll}
      </button>
    </Place>
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
