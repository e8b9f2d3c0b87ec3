// The open conversation: who it is with, the messages, what colleagues do in it, the reply.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { AgentClient, AgentView } from '../client/agent.ts';
import { type ConversationView, LARGE_PAGE } from '../client/conversation.ts';
import type { Person } from '../client/frames.ts';
import { Composer } from '../parts/composer.tsx';
import { Face } from '../parts/face.tsx';
import { Held } from '../parts/held.tsx';
import { Icon } from '../parts/icons.tsx';
import { Place } from '../parts/notices.tsx';
import { words } from '../words/index.ts';
import { closeConversation, identity, owner, sought } from './agent-state.ts';
import { AiStrip } from './ai-strip.tsx';
import { SuggestionBox } from './ai-suggestion.tsx';
import { draftKey, drafts } from './drafts.ts';
import { DeskIcon } from './icons.tsx';
import { VirtualThread } from './virtual-thread.tsx';

interface ConversationPaneProps {
  client: AgentClient;
  open: NonNullable<AgentView['open']>;
  self: string | null;
}

export function ConversationPane({ client, open, self }: ConversationPaneProps) {
  const { email } = open;
  const said = words.value;
  const conversation = client.current;
  const key = draftKey(owner(), email);
  const draft = useRef(drafts.read(key));
  const overtaken = useOvertaken(open.conversation, draft);
  /** Another draft was put into the composer. */
  const [revision, setRevision] = useState(0);
  if (conversation === null || conversation.email !== email) return null;
  const { ai } = open.conversation;
  const act = conversation.ai;
  const edit = (text: string) => {
    // What stood there already is not lost.
    draft.current = [drafts.read(key)?.trim(), text].filter(Boolean).join('\n\n');
    drafts.write(key, draft.current);
    setRevision((count) => count + 1);
  };
  return (
    <main class="conversation" aria-label={said.conversationWith(email)}>
      <header class="bar">
        <button type="button" class="icon-button back" aria-label={said.backToInbox} onClick={closeConversation}>
          <DeskIcon name="arrow-left" />
        </button>
        <Face name={email} size="small" />
        <h1 dir="auto">{email}</h1>
      </header>
      {ai && act && <AiStrip ai={ai} act={act} row={open.row} />}
      {open.conversation.state === 'refused' ? (
        <Place icon="alert" title={said.conversationFailed}>
          <button type="button" class="button button-quiet" onClick={() => conversation.fetch()}>
            {said.retry}
          </button>
        </Place>
      ) : (
        <VirtualThread
          view={open.conversation}
          side="admin"
          peer={email}
          self={self}
          sought={sought.value}
          empty={
            <Place icon="message" title={said.nothingSaid}>
              <p>{said.yoursStartsIt}</p>
            </Place>
          }
          onOlder={() => conversation.loadOlder(LARGE_PAGE)}
          onShown={(seq, attended) => conversation.shown(seq, attended)}
          onRetry={(id) => client.outbox.retry(id)}
          onDiscard={(id) => client.outbox.discard(id)}
        />
      )}
      <footer class="conversation-foot">
        <Company
          conversation={open.conversation}
          email={email}
          others={open.viewers.filter(({ id }) => id !== identity())}
        />
        {overtaken.by !== null && (
          <div class="overtaken" role="alert">
            <Icon name="alert" />
            <span>{said.repliedMeanwhile(overtaken.by)}</span>
            <button type="button" class="text-button" onClick={overtaken.dismiss}>
              {said.dismiss}
            </button>
          </div>
        )}
        <Held until={open.conversation.heldUntil} />
        {ai && act && <SuggestionBox ai={ai} act={act} onSend={(text) => conversation.say(text)} onEdit={edit} />}
        <Composer
          key={revision}
          eager={revision > 0}
          draftKey={key}
          drafts={drafts}
          placeholder={said.writeReply}
          sendText={said.send}
          onDraft={(text) => {
            draft.current = text;
            conversation.drafting(text);
          }}
          onSend={(text) => {
            draft.current = '';
            overtaken.dismiss();
            conversation.say(text);
          }}
        />
      </footer>
    </main>
  );
}

interface CompanyProps {
  conversation: ConversationView;
  email: string;
  /** Colleagues who have it open. */
  others: readonly Person[];
}

/** Who else is at it. The line is always there, so that nothing moves. */
function Company({ conversation, email, others }: CompanyProps) {
  const { typing, colleague } = conversation;
  const said = words.value;
  return (
    <p class="company" role="status">
      {others.length > 0 && (
        <span class="company-viewers">
          <DeskIcon name="eye" />
          {said.alsoOpen(others.map(({ name, id }) => name ?? id ?? said.aColleague))}
        </span>
      )}
      {colleague !== null && (
        <span class="company-colleague">{words.value.colleagueTyping(colleague.name ?? words.value.aColleague)}</span>
      )}
      {typing !== null && (
        <span class="company-typing">
          <span class="company-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {words.value.isTyping(typing.name ?? email)}
        </span>
      )}
    </p>
  );
}

/** Somebody else's reply that came while a draft stood here. */
function useOvertaken({ otherReply }: ConversationView, draft: { current: string }) {
  const [by, setBy] = useState<string | null>(null);
  const known = useRef(otherReply?.seq ?? 0);
  useEffect(() => {
    if (otherReply === null || otherReply.seq <= known.current) return;
    known.current = otherReply.seq;
    if (draft.current.trim() !== '') setBy(otherReply.by.name ?? words.value.aColleague);
  }, [otherReply?.seq]);
  return { by, dismiss: () => setBy(null) };
}
