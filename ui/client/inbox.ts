// The agents' list of conversations: pages, live changes, order. It draws nothing.

import type { Row } from './frames.ts';
import type { Requests } from './requests.ts';

const PAGE = 50;
const MAX_PAGE = 200;

export interface InboxView {
  state: 'loading' | 'ready' | 'refused';
  rows: readonly Row[];
  hasMore: boolean;
  loadingMore: boolean;
}

export class Inbox {
  #requests: Requests;
  #changed: () => void;
  #rows = new Map<string, Row>();
  #cursor: string | null = null;
  #state: InboxView['state'] = 'loading';
  #loadingMore = false;

  constructor(requests: Requests, changed: () => void) {
    this.#requests = requests;
    this.#changed = changed;
  }

  view(): InboxView {
    // `active_at` has a fixed width, so text order is time order.
    const rows = [...this.#rows.values()].sort(
      (a, b) => compare(b.active_at, a.active_at) || compare(a.conversation, b.conversation),
    );
    return { state: this.#state, rows, hasMore: this.#cursor !== null, loadingMore: this.#loadingMore };
  }

  row(email: string): Row | undefined {
    for (const row of this.#rows.values()) if (row.email === email) return row;
    return undefined;
  }

  /** After every connect: the first page, as long as what was on the screen, and from then on its changes. */
  fetch(): void {
    this.#loadingMore = false;
    const limit = Math.min(MAX_PAGE, Math.max(PAGE, this.#rows.size));
    this.#requests.ask(
      { type: 'list', limit },
      {
        answered: (answer) => {
          if (answer.type !== 'list') return;
          this.#rows.clear();
          this.#state = 'ready';
          this.#take(answer.rows, answer.cursor);
        },
        refused: () => {
          this.#state = 'refused';
          this.#changed();
        },
      },
    );
  }

  more(): void {
    if (this.#cursor === null || this.#loadingMore) return;
    this.#loadingMore = true;
    const done = () => {
      this.#loadingMore = false;
      this.#changed();
    };
    this.#requests.ask(
      { type: 'list', cursor: this.#cursor, limit: PAGE },
      {
        answered: (answer) => {
          this.#loadingMore = false;
          if (answer.type === 'list') this.#take(answer.rows, answer.cursor);
        },
        refused: done,
      },
    );
    this.#changed();
  }

  changed(row: Row): void {
    if (row.gone) this.#rows.delete(row.conversation);
    else this.#rows.set(row.conversation, row);
    this.#changed();
  }

  #take(rows: readonly Row[], cursor: string | null): void {
    for (const row of rows) this.#rows.set(row.conversation, row);
    this.#cursor = cursor;
    this.#changed();
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
