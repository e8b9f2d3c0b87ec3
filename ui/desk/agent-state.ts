// The agent's client as signals. The open conversation, the message in it that was searched for and the filter are part
// of the address, so that back, reload and a link work.

import { signal } from '@preact/signals';
import { AgentClient, type AgentView } from '../client/agent.ts';
import { browserEnvironment } from '../client/environment.ts';
import { FILTERS, type Filter } from '../client/inbox.ts';
import { pathFor, socketUrl } from '../client/session.ts';
import { session } from '../parts/session-state.ts';
import { announce } from './alerts.ts';

export const agent = signal<AgentClient | null>(null);
export const view = signal<AgentView | null>(null);
/** The socket has been open, so a break is a reconnect. */
export const connected = signal(false);
/** The message that the address names. */
export const sought = signal<number | null>(null);

/** With path identity the server takes any word for an agent. */
const PATH_WORD = 'dummy';
const FILTER = 'inbox';

/** Whom the host says we are. */
export function identity(): string {
  const now = session.value;
  return now?.kind === 'known' ? now.email : PATH_WORD;
}

/** Names what is kept for us in the browser. */
export function owner(): string {
  const now = session.value;
  return now?.kind === 'known' ? now.owner : PATH_WORD;
}

export function connect(known: boolean): void {
  if (agent.value !== null) return;
  const client: AgentClient = new AgentClient({
    environment: browserEnvironment(),
    url: socketUrl(document.baseURI, known ? 'ws' : pathFor('admin', PATH_WORD)),
    owner: owner(),
    email: known ? identity() : undefined,
    other: beginAnew,
    changed: () => {
      const now = client.view();
      if (now.connection.kind === 'open') connected.value = true;
      view.value = now;
    },
    arrived: (row, why) => announce(row, why, () => openConversation(row.email)),
  });
  agent.value = client;
  follow(client);
  window.addEventListener('popstate', () => follow(client));
  client.start();
  view.value = client.view();
}

/** Another agent is there, or none: nothing stays in this page, not even what was looked at. */
function beginAnew(): void {
  location.replace(location.pathname + location.search);
}

export function wake(): void {
  agent.value?.wake();
}

function follow(client: AgentClient): void {
  const { email, seq } = addressed();
  client.inbox.show(addressedFilter());
  client.watch(email);
  sought.value = seq;
  if (seq !== null) client.current?.seek(seq);
}

/** An email's own slashes are encoded. */
export function addressOf(email: string, seq?: number): string {
  return `#${encodeURIComponent(email)}${seq === undefined ? '' : `/${seq}`}`;
}

function addressed(): { email: string | null; seq: number | null } {
  const [email = '', seq = ''] = location.hash.slice(1).split('/');
  try {
    return { email: decodeURIComponent(email) || null, seq: /^\d{1,15}$/.test(seq) ? Number(seq) : null };
  } catch {
    return { email: null, seq: null };
  }
}

function addressedFilter(): Filter {
  const asked = new URLSearchParams(location.search).get(FILTER);
  return FILTERS.find((filter) => filter === asked) ?? 'all';
}

export function openConversation(email: string): void {
  location.hash = addressOf(email);
}

export function closeConversation(): void {
  if (location.hash !== '') location.hash = '';
}

export function show(filter: Filter): void {
  const client = agent.value;
  if (client === null || filter === addressedFilter()) return;
  const url = new URL(location.href);
  if (filter === 'all') url.searchParams.delete(FILTER);
  else url.searchParams.set(FILTER, filter);
  history.pushState(null, '', url);
  follow(client);
}
