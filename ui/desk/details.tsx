// What is known of the visitor and the conversation. Shows only what the server said.

import type { ComponentChildren } from 'preact';
import type { Row } from '../client/frames.ts';
import { Face } from '../parts/face.tsx';
import { fullTime } from '../parts/time.ts';

export function Details({ email, row }: { email: string; row: Row | null }) {
  return (
    <aside class="details" aria-label="Details">
      <header class="details-head">
        <Face name={email} size="large" />
        <h2 dir="auto">{email}</h2>
      </header>
      <dl>
        <Fact name="Status">{row?.status && <span class="status">{row.status}</span>}</Fact>
        <Fact name="Assigned to">{row?.assignee}</Fact>
        <Fact name="Tags">{row?.tags.join(', ')}</Fact>
        <Fact name="Last active">{row && fullTime(row.active_at)}</Fact>
      </dl>
      <ul class="details-keys" aria-label="Keys">
        <li>
          <kbd>j</kbd> <kbd>k</kbd> next and previous
        </li>
        <li>
          <kbd>r</kbd> reply
        </li>
        <li>
          <kbd>Esc</kbd> leave the reply, then the conversation
        </li>
      </ul>
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}
