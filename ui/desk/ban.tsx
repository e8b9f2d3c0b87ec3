// In the column of details: whether the visitor is banned, and how one who may bans him.

import { useState } from 'preact/hooks';
import type { BanView } from '../client/bans.ts';
import { fullTime } from '../parts/time.ts';
import { words } from '../words/index.ts';
import { agent, view } from './agent-state.ts';
import { supervises } from './own-login.ts';

const HOUR = 3_600;
/** In seconds; null: until it is lifted. */
const SPANS = [HOUR, 24 * HOUR, 7 * 24 * HOUR, null] as const;

function nameOf(span: (typeof SPANS)[number]): string {
  const { banHour, banDay, banWeek, banForever } = words.value;
  return [banHour, banDay, banWeek, banForever][SPANS.indexOf(span)] ?? '';
}

export function BanHere({ email }: { email: string }) {
  const said = words.value;
  const { known: ban, refused } = view.value?.open?.ban ?? ({ known: null, refused: null } satisfies BanView);
  const [asking, setAsking] = useState(false);
  return (
    <div class="ban">
      {ban !== null ? (
        <>
          <p class="ban-mark">{ban.until === null ? said.banned : said.bannedUntil(fullTime(ban.until))}</p>
          {ban.reason !== '' && <p dir="auto">{ban.reason}</p>}
          {supervises() && (
            <button
              type="button"
              class="button button-quiet"
              onClick={() => agent.peek()?.bans.ask({ type: 'lift_ban', email })}
            >
              {said.liftBan}
            </button>
          )}
        </>
      ) : asking ? (
        <BanForm email={email} onDone={() => setAsking(false)} />
      ) : (
        <button type="button" class="button button-quiet" onClick={() => setAsking(true)}>
          {said.banVisitor}
        </button>
      )}
      {refused !== null && (
        <p class="ai-trouble" role="alert">
          {refused === 'forbidden' ? said.notAllowed : said.notSaved}
        </p>
      )}
    </div>
  );
}

function BanForm({ email, onDone }: { email: string; onDone(): void }) {
  const said = words.value;
  const [reason, setReason] = useState('');
  const [span, setSpan] = useState(1);
  const [address, setAddress] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    const seconds = SPANS[span];
    agent.peek()?.bans.ask({ type: 'ban', email, reason: reason.trim(), address, ...(seconds && { seconds }) });
    onDone();
  };
  return (
    <form class="ban-form" onSubmit={submit}>
      <label>
        {said.banReason}
        <input
          class="field"
          maxLength={100}
          dir={reason === '' ? undefined : 'auto'}
          value={reason}
          onInput={({ currentTarget: { value } }) => setReason(value)}
        />
      </label>
      <label>
        {said.banHowLong}
        <select class="field" value={span} onChange={({ currentTarget: { value } }) => setSpan(Number(value))}>
          {SPANS.map((seconds, index) => (
            <option key={seconds} value={index}>
              {nameOf(seconds)}
            </option>
          ))}
        </select>
      </label>
      <label class="ban-address">
        <input type="checkbox" checked={address} onChange={({ currentTarget: { checked } }) => setAddress(checked)} />
        {said.banAddress}
      </label>
      <button type="submit" class="button button-danger">
        {said.banNow}
      </button>
      <button type="button" class="button button-quiet" onClick={onDone}>
        {said.banNot}
      </button>
    </form>
  );
}
