// The visitor's conversation: header, messages, composer.

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { VisitorClient, VisitorView } from '../client/visitor.ts';
import { aiParts } from '../parts/ai-parts.ts';
import { Composer } from '../parts/composer.tsx';
import { BrandFace } from '../parts/face.tsx';
import { Held } from '../parts/held.tsx';
import { ConnectionNotice } from '../parts/notices.tsx';
import { Thread } from '../parts/thread.tsx';
import { capped } from '../parts/thread-items.ts';
import { shared as words } from '../words/index.ts';
import { look } from './look.ts';
import { connected, draftKey, drafts, forgetVisitor } from './visitor-state.ts';

interface ChatPanelProps {
  chat: { email: string; owner: string; client: VisitorClient };
  view: VisitorView;
  /** The visitor said himself who he is, and may say otherwise. */
  changeable: boolean;
}

export function ChatPanel({ chat, view, changeable }: ChatPanelProps) {
  const { conversation, outbox } = chat.client;
  const { unread } = view.conversation;
  const parts = aiParts.value;
  const first = parts?.First && <parts.First ai={view.conversation.ai} />;
  const title = look.value.title ?? words.value.support;
  useEffect(() => {
    document.title = unread > 0 ? `(${capped(unread)}) ${title}` : title;
    return () => {
      document.title = title;
    };
  }, [unread, title]);

  return (
    <>
      <header class="header">
        <BrandFace />
        <div class="header-text">
          <h1>{title}</h1>
          <p>
            <span class="header-email" dir="auto">
              {chat.email.startsWith('anon-') || chat.email}
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
        <ConnectionNotice connection={view.connection} connected={connected.value} appeals={look.value.appeals} />
        <Thread
          view={view.conversation}
          side="user"
          peer={title}
          empty={<Greeting first={first} />}
          intro={<Beginning first={first} />}
          onOlder={() => conversation.loadOlder()}
          onShown={(seq, attended) => conversation.shown(seq, attended)}
          onRetry={(id) => outbox.retry(id)}
          onDiscard={(id) => outbox.discard(id)}
          onRate={(seq, helpful) => conversation.ai?.rate(seq, helpful)}
        />
      </div>
      <footer class="panel-foot">
        {parts?.Bar && <parts.Bar ai={view.conversation.ai} act={conversation.ai} />}
        <Held until={view.conversation.heldUntil} />
        <Composer
          key={chat.owner}
          eager
          draftKey={draftKey(chat.owner)}
          drafts={drafts}
          placeholder={words.value.writeMessage}
          onDraft={(text) => conversation.drafting(text)}
          onSend={(text) => conversation.say(text)}
        />
      </footer>
    </>
  );
}

function Beginning({ first }: { first: ComponentChildren }) {
  return (
    <p class="beginning">
      {words.value.beginning} {first}
    </p>
  );
}

function Greeting({ first }: { first: ComponentChildren }) {
  return (
    <div class="greeting">
      <BrandFace size="large" />
      <h2>{look.value.greeting ?? words.value.howCanWeHelp}</h2>
      <p>{look.value.intro ?? words.value.writeBelow}</p>
      {first}
    </div>
  );
}
