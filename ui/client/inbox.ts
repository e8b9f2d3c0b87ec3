// The agents' list of conversations: pages, live changes, order. It draws nothing.

import type { Row } from './frames.ts';
import type { Requests } from './requests.ts';

const PAGE = 50;
/** The server's largest. Whoever scrolls goes on through thousands. */
const LARGE_PAGE = 200;

export const FILTERS = ['all', 'unread', 'waiting', 'flagged'] as const;
export type Filter = (typeof FILTERS)[number];

/** Why somebody should look: a conversation began, or its visitor waits for a person. */
export type Arrival = 'begins' | 'waits';

export interface InboxView {
  state: 'loading' | 'ready' | 'refused';
  filter: Filter;
  rows: readonly Row[];
  hasMore: boolean;
  loadingMore: boolean;
}

export class Inbox {
  #requests: Requests;
  #changed: () => void;
  #arrived: (row: Row, why: Arrival) => void;
  #byEmail = new Map<string, Row>();
  /** In order. Replaced, never changed in place. */
  #rows: readonly Row[] = [];
  /** The pages of a new beginning, until they reach as far as what is on the screen. */
  #renewing: Map<string, Row> | null = null;
  #filter: Filter = 'all';
  #cursor: string | null = null;
  #state: InboxView['state'] = 'loading';
  #loadingMore = false;

  /** `arrived`: a conversation that was not there before, with its first messages, or one that was handed over. */
  constructor(requests: Requests, changed: () => void, arrived: (row: Row, why: Arrival) => void) {
    this.#requests = requests;
    this.#changed = changed;
    this.#arrived = arrived;
  }

  view(): InboxView {
    return {
      state: this.#state,
      filter: this.#filter,
      rows: this.#rows,
      hasMore: this.#cursor !== null,
      loadingMore: this.#loadingMore,
    };
  }

  row(email: string): Row | undefined {
    return this.#byEmail.get(email);
  }

  show(filter: Filter): void {
    if (filter === this.#filter) return;
    this.#filter = filter;
    this.#requests.forget();
    this.#renewing = null;
    this.#replace(new Map());
    this.#cursor = null;
    this.#state = 'loading';
    this.fetch();
    this.#changed();
  }

  /** After every connect: as many as were on the screen, and from then on their changes. */
  fetch(): void {
    this.#loadingMore = false;
    this.#renewing = new Map();
    this.#ask(undefined, Math.min(LARGE_PAGE, Math.max(PAGE, this.#rows.length)), () => {
      this.#state = 'refused';
      this.#changed();
    });
  }

  more(): void {
    if (this.#cursor === null || this.#loadingMore || this.#renewing !== null) return;
    this.#loadingMore = true;
    this.#ask(this.#cursor, LARGE_PAGE, () => {
      this.#loadingMore = false;
      this.#changed();
    });
    this.#changed();
  }

  changed(row: Row): void {
    if (row.gone) this.#renewing?.delete(row.email);
    else this.#renewing?.set(row.email, row);
    const known = this.#byEmail.get(row.email);
    // An older life of the conversation.
    if (row.gone && known !== undefined && known.conversation !== row.conversation) return;
    const rows = known === undefined ? [...this.#rows] : this.#rows.toSpliced(this.#place(known), 1);
    this.#byEmail.delete(row.email);
    if (!row.gone) {
      this.#byEmail.set(row.email, row);
      this.#rows = rows;
      rows.splice(this.#place(row), 0, row);
    }
    this.#rows = rows;
    if (beginsToWait(row, known)) this.#arrived(row, 'waits');
    else if (known === undefined && isBeginning(row)) this.#arrived(row, 'begins');
    this.#changed();
  }

  #ask(cursor: string | undefined, limit: number, refused: () => void): void {
    const filter = this.#filter === 'all' ? undefined : { [this.#filter]: true };
    this.#requests.ask(
      { type: 'list', limit, ...(filter && { filter }), ...(cursor !== undefined && { cursor }) },
      { answered: (answer) => answer.type === 'list' && this.#take(answer.rows, answer.cursor), refused },
    );
  }

  #take(rows: readonly Row[], cursor: string | null): void {
    const renewing = this.#renewing;
    if (renewing === null) {
      this.#loadingMore = false;
      this.#replace(new Map([...this.#byEmail, ...byEmail(rows)]));
      this.#cursor = cursor;
    } else {
      // What changed live since is newer than the page.
      for (const row of rows) if (!renewing.has(row.email)) renewing.set(row.email, row);
      if (cursor !== null && renewing.size < this.#rows.length) {
        this.#ask(cursor, LARGE_PAGE, () => this.#renewed(renewing, cursor));
        return;
      }
      this.#renewed(renewing, cursor);
    }
    this.#changed();
  }

  #renewed(rows: Map<string, Row>, cursor: string | null): void {
    this.#renewing = null;
    this.#state = 'ready';
    this.#cursor = cursor;
    this.#replace(rows);
    this.#changed();
  }

  #replace(rows: Map<string, Row>): void {
    this.#byEmail = rows;
    this.#rows = [...rows.values()].sort(order);
  }

  /** Where a row stands, or would stand. */
  #place(row: Row): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#rows[middle];
      if (other && order(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function byEmail(rows: readonly Row[]): (readonly [string, Row])[] {
  return rows.map((row) => [row.email, row]);
}

/** Last activity first. `active_at` has a fixed width, so text order is time order. */
function order(a: Row, b: Row): number {
  return compare(b.active_at, a.active_at) || compare(a.conversation, b.conversation);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Nothing has been said in it yet but what nobody has read. */
function isBeginning(row: Row): boolean {
  return !row.gone && row.last_message?.sender_type === 'user' && row.unread >= row.last_seq;
}

/** Of one that we did not know, only what happened just now can be new. */
function beginsToWait(row: Row, known: Row | undefined): boolean {
  if (row.gone || row.queued_at === undefined) return false;
  return known === undefined ? row.active_at <= row.queued_at : known.queued_at !== row.queued_at;
}
