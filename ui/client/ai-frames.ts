// What the wire says of the AI, as types, and reading it from text. Whatever is missing gets its neutral value; what a
// newer server adds is kept where it can be shown and left out otherwise.

import type { Happening } from './frames.ts';

export type Attending = 'ai' | 'agents';

/** Where an answer's words come from. */
export interface Source {
  title: string;
  url?: string | undefined;
}

export type Personality = 'friendly' | 'professional' | 'technical' | { own: string };

export const PERSONALITIES = ['friendly', 'professional', 'technical'] as const;

/** What an event says. Fields that its kind does not have are absent. */
export interface ConversationEvent {
  seq: number;
  kind: string;
  actor: { id?: string | undefined; name?: string | undefined; role?: string | undefined };
  reason?: string | undefined;
  detail?: string | undefined;
  in_reply_to?: number | undefined;
  answer?: number | undefined;
  helpful?: boolean | undefined;
  text?: string | undefined;
  sources?: readonly Source[] | undefined;
  personality?: Personality | null;
}

/** How the AI stands when a page is written. */
export interface PageAi {
  attending: Attending;
  answering: number | null;
  suggests: boolean;
  personality: Personality | null;
}

export interface DraftFrame {
  in_reply_to: number;
  at: number;
  text: string;
  done: boolean;
}

export const MODES = ['off', 'first_answer', 'until_handoff', 'outside_hours', 'suggest'] as const;
export type Mode = (typeof MODES)[number];

export interface Shift {
  from: number;
  until: number;
}

export interface Policy {
  mode: Mode;
  name: string | null;
  prompt: string;
  personality: Personality;
  share: number;
  unhelpful_after: number | null;
  handoff_words: readonly string[];
  hours: { time_zone: string; week: readonly (readonly Shift[])[] } | null;
  deadline_s: number;
  attempts: number;
}

export interface Figures {
  answered: number;
  suggested: number;
  handed_over: Readonly<Record<string, number>>;
  taken_over: number;
  stopped: number;
  helpful: number;
  unhelpful: number;
}

export interface Report {
  policy: Policy;
  /** There is somebody to answer. */
  available: boolean;
  figures: Figures;
}

/** What is asked of the server about the AI; the answer is an `ack`, or an `ai` for the last two. */
export type AiRequest =
  | { type: 'handoff' | 'stop' | 'take_over' | 'hand_back'; email?: string }
  | { type: 'rate'; email?: string; answer: number; helpful: boolean }
  | { type: 'personality'; email?: string; personality: Personality | null }
  | { type: 'ai' }
  | { type: 'set_ai'; policy: Policy };

type Json = Record<string, unknown>;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function attending(value: unknown): Attending | undefined {
  return value === 'ai' || value === 'agents' ? value : undefined;
}

export function readSources(value: unknown): readonly Source[] | undefined {
  const found = list(value).flatMap((item) => {
    const { title, url } = object(item);
    const name = text(title)?.trim() || text(url);
    return name ? [{ title: name, url: text(url) }] : [];
  });
  return found.length > 0 ? found : undefined;
}

function personality(value: unknown): Personality | null {
  const own = text(object(value).own);
  return own === undefined ? (PERSONALITIES.find((known) => known === value) ?? null) : { own };
}

export function readEvent(event: Happening): ConversationEvent {
  const actor = object(event.actor);
  return {
    seq: event.seq,
    kind: event.kind,
    actor: { id: text(actor.id), name: text(actor.name), role: text(actor.role) },
    reason: text(event.reason),
    detail: text(event.detail),
    in_reply_to: number(event.in_reply_to),
    answer: number(event.answer),
    helpful: typeof event.helpful === 'boolean' ? event.helpful : undefined,
    text: text(event.text),
    sources: readSources(event.sources),
    personality: personality(event.personality),
  };
}

export function readPageAi(value: unknown): PageAi | null {
  const ai = object(value);
  const attends = attending(ai.attending);
  if (attends === undefined) return null;
  return {
    attending: attends,
    answering: number(ai.answering) ?? null,
    suggests: ai.suggests === true,
    personality: personality(ai.personality),
  };
}

export function readDraft(value: unknown): DraftFrame | null {
  const frame = object(value);
  const in_reply_to = number(frame.in_reply_to);
  if (in_reply_to === undefined) return null;
  return {
    in_reply_to,
    at: number(frame.at) ?? 0,
    text: text(frame.text) ?? '',
    done: frame.done === true,
  };
}

function shift(value: unknown): Shift[] {
  const { from, until } = object(value);
  return typeof from === 'number' && typeof until === 'number' ? [{ from, until }] : [];
}

function policy(value: unknown): Policy {
  const said = object(value);
  const hours = object(said.hours);
  const zone = text(hours.time_zone);
  return {
    mode: MODES.find((mode) => mode === said.mode) ?? 'off',
    name: text(said.name) ?? null,
    prompt: text(said.prompt) ?? '',
    personality: personality(said.personality) ?? 'friendly',
    share: number(said.share) ?? 100,
    unhelpful_after: number(said.unhelpful_after) ?? null,
    handoff_words: list(said.handoff_words).flatMap((word) => text(word) ?? []),
    hours:
      zone === undefined
        ? null
        : { time_zone: zone, week: Array.from({ length: 7 }, (_, day) => list(list(hours.week)[day]).flatMap(shift)) },
    deadline_s: number(said.deadline_s) ?? 60,
    attempts: number(said.attempts) ?? 3,
  };
}

export function readReport(value: unknown): Report {
  const frame = object(value);
  const said = object(frame.figures);
  const count = (name: string) => number(said[name]) ?? 0;
  const reasons = Object.entries(object(said.handed_over));
  return {
    policy: policy(frame.policy),
    available: frame.available === true,
    figures: {
      answered: count('answered'),
      suggested: count('suggested'),
      handed_over: Object.fromEntries(reasons.map(([reason, times]) => [reason, number(times) ?? 0])),
      taken_over: count('taken_over'),
      stopped: count('stopped'),
      helpful: count('helpful'),
      unhelpful: count('unhelpful'),
    },
  };
}
