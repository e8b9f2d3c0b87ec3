// What is drawn of an AI beside its words, for pages that load it when there is one: until it is there, an answer looks like
// any other message with its mark.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { Ai, AiView } from '../client/ai.ts';
import type { ConversationView } from '../client/conversation.ts';
import type { Happening } from '../client/frames.ts';
import type { BubbleItem, EventItem } from './thread-items.ts';

export interface AiParts {
  Face: FunctionComponent;
  /** The answer in the making, if there is one to show. */
  Draft: FunctionComponent<{ view: ConversationView }>;
  Sources: FunctionComponent<{ of: unknown }>;
  Verdict: FunctionComponent<{
    item: BubbleItem;
    verdict: boolean | undefined;
    onRate?: ((seq: number, helpful: boolean) => void) | undefined;
  }>;
  /** Puts lines between messages. */
  weave(bubbles: readonly BubbleItem[], lines: readonly Happening[]): readonly (BubbleItem | EventItem)[];
  Line: FunctionComponent<{ event: Happening }>;
  /** For visitors: what they may do about it, and that it answers first. */
  Bar?: FunctionComponent<{ ai: AiView | null; act: Ai | null }>;
  First?: FunctionComponent<{ ai: AiView | null }>;
}

export const aiParts = signal<AiParts | null>(null);
