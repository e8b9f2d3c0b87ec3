// The answer that an AI is writing, as far as it has come: dots, then its words. It stands outside of what is announced:
// whoever listens hears that it writes, and the whole answer once.

import type { AiView } from '../client/ai.ts';
import type { ConversationView } from '../client/conversation.ts';
import type { DraftView } from '../client/draft.ts';
import type { Message } from '../client/frames.ts';
import { shared as words } from '../words/index.ts';
import { AiFace } from './ai-face.tsx';
import { RichText } from './rich-text.tsx';

/** As a visitor sees it, below what has been said. */
export function Draft({ view }: { view: ConversationView }) {
  const draft = draftShown(view.ai);
  return (
    draft && (
      <div class="thread-draft">
        <AiDraft draft={draft} name={aiName(view.messages)} mine={false} />
      </div>
    )
  );
}

/** As it was called last. */
export function aiName(messages: readonly Message[]): string {
  return messages.findLast(({ sender_type }) => sender_type === 'ai')?.sender?.name ?? words.value.assistant;
}

/** The draft as long as it is one for this reader. */
export function draftShown(ai: AiView | null): DraftView | null {
  return ai === null || ai.suggests ? null : ai.draft;
}

interface AiDraftProps {
  draft: DraftView;
  /** What the AI is called. */
  name: string;
  /** It speaks for the reader's side. */
  mine: boolean;
}

export function AiDraft({ draft, name, mine }: AiDraftProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent
    <div
      class={`line line-first line-ai line-draft ${mine ? 'line-mine' : 'line-theirs'}`}
      role="group"
      aria-label={words.value.isTyping(name)}
      aria-busy={!draft.done}
    >
      {!mine && (
        <span class="line-face">
          <AiFace />
        </span>
      )}
      <div class="line-body">
        <div class="line-name">
          <span dir="auto">{name}</span>
          <span class="mark">{words.value.ai}</span>
        </div>
        {draft.text === '' ? (
          <span class="typing-bubble">
            <i />
            <i />
            <i />
          </span>
        ) : (
          <div class="bubble" dir="auto">
            <RichText text={draft.text} />
          </div>
        )}
      </div>
    </div>
  );
}
