// The visitor's conversation: header, messages, composer.

import { useEffect } from 'preact/hooks';
import type { VisitorClient, VisitorView } from '../client/visitor.ts';
import { Composer } from '../parts/composer.tsx';
import { BrandFace } from '../parts/face.tsx';
import { Held } from '../parts/held.tsx';
import { ConnectionNotice } from '../parts/notices.tsx';
import { Thread } from '../parts/thread.tsx';
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
  const title = look.value.title ?? 'Support';
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
                Not you?
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
          label="Conversation"
          empty={<Greeting />}
          intro={<Beginning />}
          onOlder={() => conversation.loadOlder()}
          onShown={(seq, attended) => conversation.shown(seq, attended)}
          onRetry={(id) => outbox.retry(id)}
          onDiscard={(id) => outbox.discard(id)}
        />
      </div>
      <footer class="panel-foot">
        <Held until={view.conversation.heldUntil} />
        <Composer
          key={chat.email}
          draftKey={draftKey(chat.email)}
          placeholder="Write a message…"
          onDraft={(text) => conversation.drafting(text)}
          onSend={(text) => conversation.say(text)}
        />
      </footer>
    </>
  );
}

function Beginning() {
  return <p class="beginning">This is the beginning of your conversation. It stays here when you leave.</p>;
}

function Greeting() {
  return (
    <div class="greeting">
      <BrandFace size="large" />
      <h2>{look.value.greeting ?? 'How can we help?'}</h2>
      <p>
        {look.value.intro ?? 'Write your question below. You may leave: the answer will be here when you come back.'}
      </p>
    </div>
  );
}
