// The agents' page from outside in: who is there, the inbox, the conversation, its details.

import { useEffect } from 'preact/hooks';
import type { AgentClient, AgentView } from '../client/agent.ts';
import { ConnectionNotice, Place, SignedOut, Unreachable } from '../parts/notices.tsx';
import { session } from '../parts/session-state.ts';
import { agent, connect, connected, view } from './agent-state.ts';
import { ConversationPane } from './conversation-pane.tsx';
import { Details } from './details.tsx';
import { InboxPane } from './inbox-pane.tsx';
import { useKeys } from './keys.ts';

export function App() {
  const current = session.value;
  const mayWork = current?.kind === 'path' || (current?.kind === 'known' && current.role === 'admin');
  useEffect(() => {
    if (mayWork && current) connect(current);
  }, [mayWork, current]);

  if (current === null) return null;
  if (current.kind === 'signed_out') return <SignedOut />;
  if (current.kind === 'unreachable') return <Unreachable />;
  if (!mayWork) {
    return (
      <Place icon="lock" title="This page is for agents">
        <p>You are signed in as a visitor. Your own chat is one page away.</p>
        <a class="button" href="./">
          Open the chat
        </a>
      </Place>
    );
  }
  return agent.value && view.value && <Desk client={agent.value} view={view.value} />;
}

function Desk({ client, view }: { client: AgentClient; view: AgentView }) {
  useKeys(view);
  const unread = view.inbox.rows.filter((row) => row.unread > 0).length;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Inbox` : 'Inbox';
  }, [unread]);

  return (
    <div class={view.open ? 'desk desk-open' : 'desk'}>
      <ConnectionNotice connection={view.connection} connected={connected.value} />
      <InboxPane client={client} view={view} unread={unread} />
      {view.open ? (
        <ConversationPane key={view.open.email} client={client} open={view.open} />
      ) : (
        <Nothing view={view} />
      )}
      {view.open && <Details email={view.open.email} row={view.open.row} />}
    </div>
  );
}

function Nothing({ view }: { view: AgentView }) {
  const some = view.inbox.rows.length > 0;
  return (
    <main class="conversation" aria-label="Conversation">
      {view.inbox.state === 'ready' && (
        <Place icon="message" title={some ? 'Choose a conversation' : 'All quiet'}>
          {some ? (
            <p>
              Press <kbd>j</kbd> for the first one.
            </p>
          ) : (
            <p>When a visitor writes, the conversation appears on the left.</p>
          )}
        </Place>
      )}
    </main>
  );
}
