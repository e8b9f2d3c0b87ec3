// The agent's client as signals, and the open conversation as part of the address, so that back, reload and a link work.

import { signal } from '@preact/signals';
import { AgentClient, type AgentView } from '../client/agent.ts';
import { browserEnvironment } from '../client/environment.ts';
import { pathFor, type Session, socketUrl } from '../client/session.ts';

export const agent = signal<AgentClient | null>(null);
export const view = signal<AgentView | null>(null);
/** The socket has been open, so a break is a reconnect. */
export const connected = signal(false);

/** With path identity the server takes any word for an agent. */
const PATH_WORD = 'dummy';

export function connect(session: Session): void {
  if (agent.value !== null) return;
  const known = session.kind === 'known';
  const client: AgentClient = new AgentClient({
    environment: browserEnvironment(),
    url: socketUrl(document.baseURI, known ? 'ws' : pathFor('admin', PATH_WORD)),
    identity: known ? session.email : PATH_WORD,
    changed: () => {
      const now = client.view();
      if (now.connection.kind === 'open') connected.value = true;
      view.value = now;
    },
  });
  agent.value = client;
  client.watch(addressed());
  window.addEventListener('hashchange', () => client.watch(addressed()));
  client.start();
  view.value = client.view();
}

export function wake(): void {
  agent.value?.wake();
}

export function addressOf(email: string): string {
  return `#${encodeURIComponent(email)}`;
}

function addressed(): string | null {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    return null;
  }
}

export function openConversation(email: string): void {
  location.hash = addressOf(email);
}

export function closeConversation(): void {
  location.hash = '';
}
