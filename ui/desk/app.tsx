// The agents' page from outside in: who is there, the inbox, the conversation, its details.

import { useEffect } from 'preact/hooks';
import type { AgentClient, AgentView } from '../client/agent.ts';
import { ConnectionNotice, Place, SignedOut, Unreachable } from '../parts/notices.tsx';
import { loadSession, session } from '../parts/session-state.ts';
import { words } from '../words/index.ts';
import { ACTIONS, keyNames, overlay } from './actions.ts';
import { agent, connect, connected, view } from './agent-state.ts';
import { Agents } from './agents.tsx';
import { AiSettings } from './ai-settings.tsx';
import { ConversationPane } from './conversation-pane.tsx';
import { Details } from './details.tsx';
import { markFavicon } from './favicon.ts';
import { InboxPane } from './inbox-pane.tsx';
import { useKeys } from './keys.ts';
import { goToLogin, hasOwnLogin, leaving } from './own-login.ts';
import { Keys, Palette } from './palette.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { WordLists } from './word-lists.tsx';

export function App() {
  const current = session.value;
  const mayWork = current?.kind === 'path' || (current?.kind === 'known' && current.role === 'admin');
  const { inbox } = words.value;
  useEffect(() => {
    document.title = inbox;
    if (mayWork && current) connect(current.kind === 'known');
  }, [mayWork, current, inbox]);

  if (current === null) return null;
  // Nobody yet may be a visitor, but here an agent is expected.
  if ('login' in current && current.login) return <ToLogin />;
  if (current.kind === 'signed_out') return <SignedOut />;
  if (current.kind === 'unreachable') return <Unreachable />;
  if (!mayWork) {
    return (
      <Place icon="lock" title={words.value.forAgents}>
        <p>{words.value.youAreVisitor}</p>
        <a class="button" href="./">
          {words.value.openChat}
        </a>
      </Place>
    );
  }
  const self = current.kind === 'known' ? current.name : null;
  return agent.value && view.value && <Desk client={agent.value} view={view.value} self={self} />;
}

/** Signing in is a page of ours, which leads back here. */
function ToLogin() {
  useEffect(goToLogin, []);
  return null;
}

function Desk({ client, view, self }: { client: AgentClient; view: AgentView; self: string | null }) {
  useKeys();
  // The session has ended: it was signed out in another tab, or the agent is none any more.
  const ended = !leaving.value && view.connection.kind === 'stopped' && view.connection.name === 'unauthenticated';
  useEffect(() => {
    if (!ended) return;
    if (hasOwnLogin()) goToLogin();
    else void loadSession();
  }, [ended]);
  const unread = view.inbox.rows.reduce((count, row) => count + (row.unread > 0 ? 1 : 0), 0);
  const { inbox, exactly } = words.value;
  useEffect(() => {
    document.title = unread > 0 ? `(${exactly(unread)}) ${inbox}` : inbox;
    markFavicon(unread);
  }, [unread, inbox]);

  return (
    <div class={view.open ? 'desk desk-open' : 'desk'}>
      <ConnectionNotice connection={view.connection} connected={connected.value} />
      <InboxPane client={client} view={view} unread={unread} self={self} />
      {view.open ? (
        <ConversationPane key={view.open.email} client={client} open={view.open} self={self} />
      ) : (
        <Nothing view={view} />
      )}
      {view.open && <Details email={view.open.email} row={view.open.row} />}
      {overlay.value === 'palette' && <Palette view={view} />}
      {overlay.value === 'shortcuts' && <Shortcuts />}
      {overlay.value === 'agents' && <Agents />}
      {overlay.value === 'ai' && <AiSettings client={client} report={view.ai} />}
      {overlay.value === 'words' && <WordLists client={client} setting={view.wordLists} />}
    </div>
  );
}

function Nothing({ view }: { view: AgentView }) {
  const some = view.inbox.rows.length > 0;
  const first = ACTIONS.filter(({ id }) => ['next', 'search', 'palette'].includes(id));
  return (
    <main class="conversation" aria-label={words.value.conversation}>
      {view.inbox.state === 'ready' && (
        <Place icon="message" title={some ? words.value.chooseConversation : words.value.allQuiet}>
          {some ? (
            <ul class="hints">
              {first.map((action) => (
                <li key={action.id}>
                  {action.title()}
                  <Keys names={keyNames(action.key)} />
                </li>
              ))}
            </ul>
          ) : (
            <p>{words.value.appearsHere}</p>
          )}
        </Place>
      )}
    </main>
  );
}
