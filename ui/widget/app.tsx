// The visitor's page from outside in: who is there, the welcome, the chat.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { takesFocus } from '../parts/attention.ts';
import { Place, SignedOut, Unreachable } from '../parts/notices.tsx';
import { session } from '../parts/session-state.ts';
import { ThreadSkeleton } from '../parts/thread-parts.tsx';
import { shared as words } from '../words/index.ts';
import { ChatPanel } from './chat-panel.tsx';
import { CloseButton } from './close-button.tsx';
import { embedded } from './embedded.ts';
import { look } from './look.ts';
import { changeable, chat, email, introduce, view } from './visitor-state.ts';
import type { WelcomeProps } from './welcome.tsx';

const AGAIN_MS = 2_000;

export function App() {
  return (
    <main class={embedded ? 'page page-embedded' : 'page'}>
      <section class="panel" aria-label={look.value.title ?? words.value.supportChat}>
        <Content />
        {embedded && <CloseButton />}
      </section>
    </main>
  );
}

function Content() {
  const current = session.value;
  if (current === null) return <ThreadSkeleton />;
  switch (current.kind) {
    case 'signed_out':
      return <SignedOut />;
    case 'unreachable':
      return <Unreachable />;
    case 'known':
      if (current.role === 'admin') return <AgentHere />;
      break;
    case 'path':
      if (email.value === null) return <Welcome />;
  }
  // An anonymous visitor is about to have a name.
  if (chat.value === null || view.value === null) return <ThreadSkeleton />;
  return <ChatPanel chat={chat.value} view={view.value} changeable={changeable.value} />;
}

function Welcome() {
  const [Shown, show] = useState<ComponentType<WelcomeProps>>(() => ThreadSkeleton);
  useEffect(() => {
    const load = () =>
      import('./welcome.tsx').then(
        (chunk) => show(() => chunk.Welcome),
        () => {
          show(() => Unreachable);
          setTimeout(load, AGAIN_MS);
        },
      );
    void load();
  }, []);
  return <Shown look={look.value} eager={embedded && takesFocus.value} introduce={introduce} />;
}

function AgentHere() {
  return (
    <Place icon="inbox" title={words.value.youAreAgent}>
      <p>{words.value.deskElsewhere}</p>
      <a class="button" href="desk">
        {words.value.openDesk}
      </a>
    </Place>
  );
}
