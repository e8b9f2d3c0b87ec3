// The agents' search: one query at a time, its hits page by page. What an older query still finds is thrown away.

import type { Hit } from './frames.ts';
import type { Requests } from './requests.ts';

const PAGE = 30;

export interface SearchView {
  query: string;
  /** `idle`: no query. */
  state: 'idle' | 'searching' | 'ready' | 'refused';
  hits: readonly Hit[];
  hasMore: boolean;
}

export class Search {
  #requests: Requests;
  #changed: () => void;
  #query = '';
  #state: SearchView['state'] = 'idle';
  #hits: readonly Hit[] = [];
  #cursor: string | null = null;
  #loadingMore = false;

  constructor(requests: Requests, changed: () => void) {
    this.#requests = requests;
    this.#changed = changed;
  }

  view(): SearchView {
    return { query: this.#query, state: this.#state, hits: this.#hits, hasMore: this.#cursor !== null };
  }

  /** The hits of the query before stay until the first new ones come. */
  find(query: string): void {
    this.#query = query.trim();
    this.#cursor = null;
    this.#loadingMore = false;
    this.#requests.forget();
    if (this.#query === '') {
      this.#state = 'idle';
      this.#hits = [];
    } else {
      this.#state = 'searching';
      this.#ask([]);
    }
    this.#changed();
  }

  more(): void {
    if (this.#cursor === null || this.#loadingMore) return;
    this.#loadingMore = true;
    this.#ask(this.#hits);
  }

  /** The connection is back: what was under way is asked again. */
  resume(): void {
    this.#loadingMore = false;
    if (this.#state === 'searching') this.#ask([]);
  }

  #ask(before: readonly Hit[]): void {
    const cursor = this.#cursor ?? undefined;
    this.#requests.ask(
      { type: 'search', query: this.#query, limit: PAGE, ...(cursor !== undefined && { cursor }) },
      {
        answered: (answer) => {
          if (answer.type !== 'search') return;
          this.#loadingMore = false;
          this.#state = 'ready';
          this.#hits = [...before, ...answer.hits];
          this.#cursor = answer.cursor;
          this.#changed();
        },
        refused: () => {
          this.#state = 'refused';
          this.#hits = [];
          this.#changed();
        },
      },
    );
  }
}
