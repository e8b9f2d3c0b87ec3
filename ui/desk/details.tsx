// What is known of the visitor and the conversation. Shows only what the server said.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Row } from '../client/frames.ts';
import { Face } from '../parts/face.tsx';
import { fullTime, isoTime, timeAgo } from '../parts/time.ts';
import { words } from '../words/index.ts';
import { ACTIONS, keyNames } from './actions.ts';
import { Keys } from './palette.tsx';

/** The few that one wants at hand; all of them are in the sheet. */
const AT_HAND = ['next', 'previous', 'reply', 'palette', 'shortcuts'];

export function Details({ email, row }: { email: string; row: Row | null }) {
  const last = row?.last_message;
  return (
    <aside class="details" aria-label={words.value.details}>
      <header class="details-head">
        <Face name={email} size="large" />
        <h2 dir="auto">{email}</h2>
      </header>
      {row && (
        <dl>
          <Fact name={words.value.lastActive}>
            <Ago time={row.active_at} />
          </Fact>
          {last?.sender_type === 'user' && (
            <Fact name={words.value.waitingSince}>
              <Ago time={last.timestamp} />
            </Fact>
          )}
        </dl>
      )}
      <ul class="details-keys" aria-label={words.value.keys}>
        {ACTIONS.filter(({ id }) => AT_HAND.includes(id)).map((action) => (
          <li key={action.id}>
            {action.title()}
            <Keys names={keyNames(action.key)} />
          </li>
        ))}
      </ul>
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Ago({ time }: { time: string }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    setNow(new Date());
    const timer = window.setInterval(() => setNow(new Date()), 30_000);
    return () => window.clearInterval(timer);
  }, [time]);
  return (
    <time dateTime={isoTime(time)} title={fullTime(time)}>
      {timeAgo(time, now)}
    </time>
  );
}
