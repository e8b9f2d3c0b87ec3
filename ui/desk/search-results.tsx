// What a search found: whose message, when, and the words where they stand.

import type { AgentClient } from '../client/agent.ts';
import type { Hit } from '../client/frames.ts';
import type { SearchView } from '../client/search.ts';
import { Face } from '../parts/face.tsx';
import { Highlighted } from '../parts/highlight.tsx';
import { Place } from '../parts/notices.tsx';
import { fullTime, isoTime, listTime } from '../parts/time.ts';
import { words } from '../words/index.ts';
import { addressOf, sought } from './agent-state.ts';

const NEAR_END_PX = 300;

interface SearchResultsProps {
  client: AgentClient;
  search: SearchView;
  selected: string | undefined;
}

export function SearchResults({ client, search, selected }: SearchResultsProps) {
  const onScroll = (event: Event) => {
    const element = event.currentTarget as HTMLElement;
    if (element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX) client.search.more();
  };
  return (
    <div class="inbox-scroller" onScroll={onScroll}>
      <div class="hidden-text" role="status">
        {search.state === 'searching' && words.value.searching}
        {search.state === 'ready' && search.hits.length === 0 && words.value.nothingFound}
      </div>
      {search.state === 'refused' && (
        <Place icon="alert" title={words.value.searchFailed}>
          <button type="button" class="button button-quiet" onClick={() => client.search.find(search.query)}>
            {words.value.retry}
          </button>
        </Place>
      )}
      {search.state === 'ready' && search.hits.length === 0 && (
        <Place icon="search" title={words.value.nothingFound}>
          <p>{words.value.tryOtherWords}</p>
        </Place>
      )}
      <ul aria-label={words.value.results}>
        {search.hits.map((hit) => (
          <li key={hit.id}>
            <Found hit={hit} selected={hit.email === selected && hit.seq === sought.value} />
          </li>
        ))}
      </ul>
      {search.hasMore && (
        <div class="inbox-more">
          <button type="button" class="text-button" onClick={() => client.search.more()}>
            {words.value.showMore}
          </button>
        </div>
      )}
    </div>
  );
}

function Found({ hit, selected }: { hit: Hit; selected: boolean }) {
  return (
    <a class="row row-found" href={addressOf(hit.email, hit.seq)} aria-current={selected ? 'true' : undefined}>
      <Face name={hit.email} />
      <span class="row-name" dir="auto">
        {hit.email}
      </span>
      <time class="row-time" dateTime={isoTime(hit.timestamp)} title={fullTime(hit.timestamp)}>
        {listTime(hit.timestamp, new Date())}
      </time>
      <span class="row-text" dir="auto">
        <Highlighted hit={hit} />
      </span>
    </a>
  );
}
