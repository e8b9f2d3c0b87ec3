// The AI in one conversation: who attends, the answer in the making, verdicts, suggestions, and what is asked of it. A
// person who was asked for is asked for until the server has said that one comes, through every break.

import {
  type AiRequest,
  type Attending,
  type PageAi,
  type Personality,
  readDraft,
  readEvent,
  readPageAi,
  type Source,
} from './ai-frames.ts';
import { DraftBuffer, type DraftView } from './draft.ts';
import type { Environment } from './environment.ts';
import type { Epoch, Happening, Message, Page, Side } from './frames.ts';
import type { Requests } from './requests.ts';

export interface Suggestion {
  seq: number;
  text: string;
  sources: readonly Source[];
}

export interface AiView {
  /** What happened that makes a line in the conversation. */
  lines: readonly Happening[];
  /** Who looks after the conversation; null where no AI ever did. */
  attending: Attending | null;
  /** It speaks to agents alone. */
  suggests: boolean;
  draft: DraftView | null;
  /** A person was asked for; the server has not said yet that one comes. `later`: it can only once something was said. */
  asking: 'now' | 'later' | null;
  /** The last thing that was asked did not work. */
  trouble: boolean;
  /** By the seq of the answer: whether it helped. */
  verdicts: ReadonlyMap<number, boolean>;
  /** What the AI would say, until somebody has answered. */
  suggestion: Suggestion | null;
  /** Null: as in the workspace. */
  personality: Personality | null;
}

export interface AiContext {
  environment: Pick<Environment, 'clock'>;
  side: Side;
  /** Names the conversation, for an agent. */
  address: { email?: string };
  commands: Requests;
  changed(): void;
}

const LINES = ['handoff', 'taken_over', 'handed_back', 'stopped'];
const AGENTS_LINES = [...LINES, 'personality_chosen', 'banned', 'unbanned', 'flagged', 'reviewed'];

export class Ai {
  #context: AiContext;
  #draft: DraftBuffer;
  #attending: Attending | null = null;
  #suggests = false;
  #personality: Personality | null = null;
  /** The highest seq that said how things stand. */
  #asOf = 0;
  #epoch: Epoch = null;
  #asking: AiView['asking'] = null;
  #trouble = false;
  /** What we judged here, until the log says so. */
  #own = new Map<number, boolean>();
  /** Those of them that may not have arrived. */
  #untold = new Set<number>();
  #verdicts: ReadonlyMap<number, boolean> = new Map();
  #events: readonly Happening[] = [];
  #lines: readonly Happening[] = [];

  constructor(context: AiContext) {
    this.#context = context;
    this.#draft = new DraftBuffer(context.environment.clock, context.changed);
  }

  /** `events`: what is known of the log; `answeredUpTo`: the last message of our side. */
  view(events: readonly Happening[], answeredUpTo: number): AiView {
    if (events !== this.#events) {
      this.#events = events;
      const kinds = this.#context.side === 'user' ? LINES : AGENTS_LINES;
      this.#lines = events.filter(({ kind }) => kinds.includes(kind));
      this.#judge();
    }
    return {
      lines: this.#lines,
      attending: this.#attending,
      suggests: this.#suggests,
      draft: this.#draft.view,
      asking: this.#asking,
      trouble: this.#trouble,
      verdicts: this.#verdicts,
      suggestion: openSuggestion(events, answeredUpTo),
      personality: this.#personality,
    };
  }

  /** The page that is up to date, and not an older one. */
  page({ ai, last_seq, epoch }: Page): void {
    // In another life of the conversation what we saw never was.
    if (last_seq >= this.#asOf || epoch !== this.#epoch) this.#stands(readPageAi(ai), last_seq);
    this.#epoch = epoch;
    if (this.#asking !== null) this.#askForPerson();
    for (const answer of this.#untold) this.#tell(answer);
  }

  #stands(ai: PageAi | null, asOf: number): void {
    this.#asOf = asOf;
    this.#attending = ai?.attending ?? null;
    this.#suggests = ai?.suggests ?? false;
    this.#personality = ai?.personality ?? null;
    if (ai?.attending === 'agents') this.#asking = null;
    if (ai?.answering == null) this.#draft.end();
    else this.#draft.begun(ai.answering);
  }

  message({ sender_type, seq }: Message): void {
    if (sender_type === 'ai') {
      this.#draft.end(seq - 1);
      this.#attending ??= 'ai';
      this.#suggests = false;
    } else if (sender_type === 'user' && this.#asking === 'later') {
      this.#askForPerson();
    }
  }

  /** A live one. */
  event(happening: Happening): void {
    const event = readEvent(happening);
    switch (event.kind) {
      case 'handoff':
      case 'taken_over':
        this.#attending = 'agents';
        this.#asking = null;
        this.#draft.end();
        break;
      case 'handed_back':
        this.#attending = 'ai';
        this.#draft.allowAgain();
        break;
      case 'stopped':
        this.#draft.end(event.in_reply_to);
        break;
      case 'suggestion':
        this.#suggests = true;
        this.#draft.end(event.in_reply_to);
        break;
      case 'personality_chosen':
        this.#personality = event.personality ?? null;
        break;
      case 'rated':
        // The server's word replaces ours, also when another tab has changed its mind.
        if (event.answer !== undefined) this.#own.delete(event.answer);
        break;
      default:
        return;
    }
    this.#asOf = Math.max(this.#asOf, event.seq);
    this.#trouble = false;
  }

  draft(frame: unknown): void {
    const draft = readDraft(frame);
    if (draft === null) return;
    // The policy may have changed since the page came.
    this.#attending ??= 'ai';
    this.#draft.take(draft);
    this.#context.changed();
  }

  suspend(): void {
    this.#draft.end();
  }

  stop(): void {
    this.#ask({ type: 'stop', ...this.#context.address });
  }

  takeOver(): void {
    this.#ask({ type: 'take_over', ...this.#context.address });
  }

  handBack(): void {
    this.#ask({ type: 'hand_back', ...this.#context.address });
  }

  choosePersonality(personality: Personality | null): void {
    this.#ask({ type: 'personality', ...this.#context.address, personality });
  }

  /** Asks for a person. */
  handOff(): void {
    if (this.#attending === 'agents' || this.#asking !== null) return;
    this.#trouble = false;
    this.#askForPerson();
    this.#context.changed();
  }

  rate(answer: number, helpful: boolean): void {
    this.#own.set(answer, helpful);
    this.#untold.add(answer);
    this.#trouble = false;
    this.#judge();
    this.#tell(answer);
    this.#context.changed();
  }

  #askForPerson(): void {
    this.#asking = 'now';
    this.#context.commands.ask(
      { type: 'handoff', ...this.#context.address },
      {
        // Without a new event somebody comes already.
        answered: (answer) => {
          if (answer.type !== 'ack' || answer.seq > 0) return;
          this.#attending = 'agents';
          this.#asking = null;
          this.#context.changed();
        },
        refused: ({ code }) => {
          this.#asking = code === 'not_found' ? 'later' : null;
          this.#trouble = code !== 'not_found';
          this.#context.changed();
        },
      },
    );
  }

  #tell(answer: number): void {
    const helpful = this.#own.get(answer);
    if (helpful === undefined) {
      this.#untold.delete(answer);
      return;
    }
    this.#context.commands.ask(
      { type: 'rate', ...this.#context.address, answer, helpful },
      {
        answered: () => this.#untold.delete(answer),
        refused: () => {
          this.#untold.delete(answer);
          this.#own.delete(answer);
          this.#trouble = true;
          this.#judge();
          this.#context.changed();
        },
      },
    );
  }

  #ask(frame: AiRequest): void {
    const failed = () => {
      this.#trouble = true;
      this.#context.changed();
    };
    this.#trouble = false;
    if (!this.#context.commands.ask(frame, { answered: () => {}, refused: failed })) failed();
  }

  #judge(): void {
    const verdicts = new Map<number, boolean>();
    for (const event of this.#events) {
      const { answer, helpful } = readEvent(event);
      if (event.kind === 'rated' && answer !== undefined && helpful !== undefined) verdicts.set(answer, helpful);
    }
    for (const [answer, helpful] of this.#own) verdicts.set(answer, helpful);
    this.#verdicts = verdicts;
  }
}

/** The newest, unless it is answered. */
function openSuggestion(events: readonly Happening[], answeredUpTo: number): Suggestion | null {
  const newest = events.findLast(({ kind }) => kind === 'suggestion');
  if (newest === undefined) return null;
  const { in_reply_to, text, sources = [] } = readEvent(newest);
  return (in_reply_to ?? newest.seq) > answeredUpTo ? { seq: newest.seq, text: text ?? '', sources } : null;
}
