// What the column of details consists of, in its order. A feature that has something to say of a visitor or a conversation
// adds one entry here; an entry that knows nothing of this one is not drawn.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Row } from '../client/frames.ts';
import { fullTime, isoTime, timeAgo } from '../parts/time.ts';
import { words } from '../words/index.ts';
import { ACTIONS, keyNames } from './actions.ts';
import { view } from './agent-state.ts';
import { attendedByAi, PersonalityHere } from './ai-personality.tsx';
import { BanHere } from './ban.tsx';
import { supervises } from './own-login.ts';
import { Keys } from './palette.tsx';

/** The conversation that the column is about. */
export interface Subject {
  email: string;
  /** Null until the inbox has told of it. */
  row: Row | null;
}

export interface Section {
  /** Unique; also its class, `details-<id>`. */
  id: string;
  /** Its heading, if it needs one. */
  title?(): string;
  /** Whether there is anything to say. */
  applies(subject: Subject): boolean;
  draw(subject: Subject): ComponentChildren;
}

export const SECTIONS: readonly Section[] = [
  {
    id: 'ai',
    title: () => `${words.value.ai} · ${words.value.personality}`,
    applies: attendedByAi,
    draw: () => <PersonalityHere />,
  },
  { id: 'times', applies: ({ row }) => row !== null, draw: ({ row }) => row && <Times row={row} /> },
  {
    id: 'ban',
    applies: () => {
      const open = view.value?.open;
      return open?.conversation.state === 'ready' && (supervises() || open.ban.known !== null);
    },
    draw: ({ email }) => <BanHere key={email} email={email} />,
  },
  { id: 'keys', title: () => words.value.keys, applies: () => true, draw: () => <KeysAtHand /> },
];

function Times({ row }: { row: Row }) {
  const last = row.last_message;
  return (
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
  );
}

/** The few that one wants at hand; all of them are in the sheet. */
const AT_HAND = ['next', 'previous', 'reply', 'palette', 'shortcuts'];

function KeysAtHand() {
  return (
    <ul>
      {ACTIONS.filter(({ id }) => AT_HAND.includes(id)).map((action) => (
        <li key={action.id}>
          {action.title()}
          <Keys names={keyNames(action.key)} />
        </li>
      ))}
    </ul>
  );
}

/** One line of a `dl`: for sections of facts. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
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
