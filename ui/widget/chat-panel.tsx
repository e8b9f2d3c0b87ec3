// The visitor's conversation: header, messages, composer.

import { useEffect } from 'preact/hooks';
import type { Ai, AiView } from '../client/ai.ts';
import type { VisitorClient, VisitorView } from '../client/visitor.ts';
import { aiParts } from '../parts/ai-parts.ts';
import { Composer } from '../parts/composer.tsx';
import { BrandFace } from '../parts/face.tsx';
import { Held } from '../parts/held.tsx';
import { ConnectionNotice } from '../parts/notices.tsx';
import { Thread } from '../parts/thread.tsx';
import { words } from '../words/index.ts';
import { look } from './look.ts';
import { connected, draftKey, forgetVisitor } from './visitor-state.ts';

interface ChatPanelProps {
  chat: { email: string; client: VisitorClient };
  view: VisitorView;
  /** The visitor said himself who he is, and may say otherwise. */
  changeable: boolean;
}

export function ChatPanel({ chat, view, changeable }: ChatPanelProps) {
  const { conversation, outbox } = chat.client;
  const { unread } = view.conversation;
  const title = look.value.title ?? words.value.support;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  }, [unread, title]);

  return (
    <>
      <header class="header">
        <BrandFace />
        <div class="header-text">
          <h1>{title}</h1>
          <p>
            <span class="header-email" dir="auto">
              {chat.email}
            </span>
            {changeable && (
              <button type="button" class="text-button" onClick={() => void forgetVisitor()}>
                {words.value.notYou}
              </button>
            )}
          </p>
        </div>
      </header>
      <div class="panel-body">
        <ConnectionNotice connection={view.connection} connected={connected.value} />
        <Thread
          view={view.conversation}
          side="user"
          peer={title}
          empty={<Greeting ai={view.conversation.ai} />}
          intro={<Beginning ai={view.conversation.ai} />}
          onOlder={() => conversation.loadOlder()}
          onShown={(seq, attended) => conversation.shown(seq, attended)}
          onRetry={(id) => outbox.retry(id)}
          onDiscard={(id) => outbox.discard(id)}
          onRate={(seq, helpful) => conversation.ai?.rate(seq, helpful)}
        />
      </div>
      <footer class="panel-foot">
        <Bar ai={view.conversation.ai} act={conversation.ai} />
        <Held until={view.conversation.heldUntil} />
        <Composer
          key={chat.email}
          eager
          draftKey={draftKey(chat.email)}
          placeholder={words.value.writeMessage}
          onDraft={(text) => conversation.drafting(text)}
          onSend={(text) => conversation.say(text)}
        />
      </footer>
    </>
  );
}

function Bar({ ai, act }: { ai: AiView | null; act: Ai | null }) {
  const parts = aiParts.value;
  return parts?.Bar && ai && act && <parts.Bar ai={ai} act={act} />;
}

function AiFirst({ ai }: { ai: AiView | null }) {
  const parts = aiParts.value;
  return parts?.First && ai && <parts.First ai={ai} />;
}

function Beginning({ ai }: { ai: AiView | null }) {
  return (
    <p class="beginning">
      {words.value.beginning} <AiFirst ai={ai} />
    </p>
  );
}

function Greeting({ ai }: { ai: AiView | null }) {
  return (
    <div class="greeting">
      <BrandFace size="large" />
      <h2>{look.value.greeting ?? words.value.howCanWeHelp}</h2>
      <p>{look.value.intro ?? words.value.writeBelow}</p>
      <p>
        <AiFirst ai={ai} />
      </p>
    </div>
  );
}
