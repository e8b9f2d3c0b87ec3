// The open conversation: who it is with, the messages, the reply.

import type { AgentClient, AgentView } from '../client/agent.ts';
import { Composer } from '../parts/composer.tsx';
import { Face } from '../parts/face.tsx';
import { Held } from '../parts/held.tsx';
import { Icon } from '../parts/icons.tsx';
import { Place } from '../parts/notices.tsx';
import { Thread } from '../parts/thread.tsx';
import { closeConversation } from './agent-state.ts';

interface ConversationPaneProps {
  client: AgentClient;
  open: NonNullable<AgentView['open']>;
}

export function ConversationPane({ client, open }: ConversationPaneProps) {
  const { email, row } = open;
  const conversation = client.current;
  if (conversation === null || conversation.email !== email) return null;
  return (
    <main class="conversation" aria-label={`Conversation with ${email}`}>
      <header class="bar">
        <button type="button" class="icon-button back" aria-label="Back to the inbox" onClick={closeConversation}>
          <Icon name="arrow-left" />
        </button>
        <Face name={email} size="small" />
        <h2 dir="auto">{email}</h2>
        {row?.status && <span class="status">{row.status}</span>}
      </header>
      {open.conversation.state === 'refused' ? (
        <Place icon="alert" title="This conversation did not load">
          <button type="button" class="button button-quiet" onClick={() => conversation.fetch()}>
            Retry
          </button>
        </Place>
      ) : (
        <Thread
          view={open.conversation}
          side="admin"
          peer={email}
          label="Conversation"
          empty={
            <Place icon="message" title="Nothing said yet">
              <p>Your message starts the conversation.</p>
            </Place>
          }
          onOlder={() => conversation.loadOlder()}
          onShown={(seq, attended) => conversation.shown(seq, attended)}
          onRetry={(id) => client.outbox.retry(id)}
          onDiscard={(id) => client.outbox.discard(id)}
        />
      )}
      <footer class="conversation-foot">
        <Held until={open.conversation.heldUntil} />
        <Composer
          draftKey={`minicom.draft.admin.${email}`}
          placeholder="Write a reply…"
          sendText="Send"
          onDraft={(text) => conversation.drafting(text)}
          onSend={(text) => conversation.say(text)}
        />
      </footer>
    </main>
  );
}
