// What waits for review: the way to the word lists, the mark in a row, and the line below a flagged message.

import { waits } from '../client/flags.ts';
import type { Happening } from '../client/frames.ts';
import { EventLine } from '../parts/event-line.tsx';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { agent, view } from './agent-state.ts';
import { agentsText } from './event-text.ts';
import { DeskIcon } from './icons.tsx';
import { supervises } from './own-login.ts';

export function WordListsButton() {
  const { wordLists } = words.value;
  if (!supervises()) return null;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={wordLists}
      title={wordLists}
      onClick={() => {
        overlay.value = 'words';
      }}
    >
      <DeskIcon name="shield" />
    </button>
  );
}

export function RowFlag() {
  const { toReview } = words.value;
  return (
    <span class="row-flag" role="img" aria-label={toReview} title={toReview}>
      <DeskIcon name="flag" />
    </span>
  );
}

/** What happened, and what is to be done about it. */
export function AgentsLine({ event }: { event: Happening }) {
  const line = <EventLine text={agentsText(event)} timestamp={event.timestamp} />;
  const open = view.value?.open;
  if (event.kind !== 'flagged' || !open || !waits(open.flags.known, event.seq)) return line;
  const { refused } = open.flags;
  const said = words.value;
  const review = () => agent.peek()?.flagged.ask({ type: 'review', email: open.email, up_to: event.seq });
  return (
    <div class="flag-line">
      <DeskIcon name="flag" />
      {line}
      {supervises() && (
        <button type="button" class="strip-button" onClick={review}>
          {said.markReviewed}
        </button>
      )}
      {refused !== null && (
        <p class="ai-trouble" role="alert">
          {refused === 'forbidden' ? said.notAllowed : said.didNotWork}
        </p>
      )}
    </div>
  );
}
