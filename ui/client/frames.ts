// The frames of the wire protocol as types, with the wire's own names. Reading untrusted JSON is in decode.ts.

import type { AiRequest, Attending } from './ai-frames.ts';
import type { Ban, BanRequest } from './bans.ts';
import type { Flags, ReviewRequest } from './flags.ts';
import type { WordListsRequest, WordListsSaid } from './word-lists.ts';

export type Side = 'user' | 'admin';
export type SenderType = 'user' | 'admin' | 'ai';

/** What an AI says counts as the admin's side. */
export function sideOf(sender: SenderType): Side {
  return sender === 'user' ? 'user' : 'admin';
}

export function otherSide(side: Side): Side {
  return side === 'user' ? 'admin' : 'user';
}

/** Opaque; `null` while the conversation does not exist. */
export type Epoch = string | number | null;

export interface Person {
  id?: string;
  name?: string;
  role?: string;
}

export interface Message {
  id: number;
  seq: number;
  email: string;
  conversation?: string;
  sender_type: SenderType;
  content: string;
  timestamp: string;
  client_id?: string;
  sender?: Person;
  /** What an AI's answer leans on; `sources` in ai-frames.ts reads it. */
  sources?: unknown;
}

export interface Cursors {
  user: number;
  admin: number;
}

/** An event that is no message. What it says beyond this depends on its kind; ai-frames.ts reads it. */
export interface Happening {
  seq: number;
  kind: string;
  timestamp: string;
  [field: string]: unknown;
}

/** What `history` and `conversation` share. */
export interface Page {
  messages: Message[];
  /** What else happened in the same range. */
  events: Happening[];
  /** How the AI stands, if one answers; ai-frames.ts reads it. */
  ai: unknown;
  first_seq: number;
  last_seq: number;
  epoch: Epoch;
  has_more: boolean;
  recovered?: boolean;
  read: Cursors;
  conversation?: string;
}

export interface RowMessage {
  id: number;
  seq: number;
  sender_type: SenderType;
  timestamp: string;
  content: string;
  sender?: Person;
}

/** One line of the inbox. */
export interface Row {
  email: string;
  conversation: string;
  unread: number;
  last_message: RowMessage | null;
  status: string | null;
  assignee: string | null;
  tags: string[];
  active_at: string;
  last_seq: number;
  gone: boolean;
  attending?: Attending;
  /** Since when the visitor waits for a person. */
  queued_at?: string;
  /** From a ban until it is lifted, also when it has ended by itself. */
  ban?: Ban | null;
  /** Something of it waits for review. */
  flagged?: boolean;
}

/** A message that was found, and where the words stand: pairs of byte offsets into its text as UTF-8. */
export interface Hit extends Message {
  highlights: (readonly [number, number])[];
}

export interface ErrorFrame {
  type: 'error';
  code: string;
  message: string;
  client_id?: string;
  retry_after_ms?: number;
}

export type ServerFrame =
  /** `email`: whose it is. */
  | ({ type: 'history'; email: string } & Page)
  | ({ type: 'conversation'; email: string; client_id?: string; ban?: Ban | null; flags?: Flags | null } & Page)
  | { type: 'message'; message: Message }
  | { type: 'messages_read'; reader: Side; email: string; up_to?: number }
  /** `seq` 0: nothing had to be stored. */
  | { type: 'ack'; client_id: string; id: number; seq: number; timestamp: string }
  | { type: 'event'; event: Happening }
  /** Words of an AI's answer in the making; ai-frames.ts reads them. */
  | { type: 'draft'; draft: unknown }
  | { type: 'ai'; client_id?: string; report: unknown }
  | { type: 'word_lists'; client_id?: string; lists: WordListsSaid }
  /** `agent`: who asked. */
  | { type: 'list'; rows: Row[]; cursor: string | null; agent?: string; client_id?: string }
  | { type: 'row'; row: Row }
  | { type: 'search'; hits: Hit[]; cursor: string | null; client_id?: string }
  | { type: 'typing'; email?: string; conversation?: string; sender: Person; typing: boolean }
  | { type: 'viewers'; email?: string; conversation?: string; viewers: Person[] }
  | ErrorFrame
  | { type: 'pong' };

export interface ConversationRequest {
  type: 'get_conversation';
  email?: string;
  after?: number;
  before?: number;
  limit?: number;
  epoch?: Epoch;
}

export interface ListRequest {
  type: 'list';
  filter?: { unread?: boolean; waiting?: boolean; flagged?: boolean };
  cursor?: string;
  limit?: number;
}

export interface SearchRequest {
  type: 'search';
  query: string;
  cursor?: string;
  limit?: number;
}

/** Who one is; `visitor`: the token of the anonymous visitor that he was, whose conversation becomes his. */
export interface AuthFrame {
  type: 'auth';
  token?: string | undefined;
  visitor?: string | undefined;
}

/** Frames that the server answers, matched by `client_id`. */
export type RequestFrame =
  | ConversationRequest
  | ListRequest
  | SearchRequest
  | AiRequest
  | BanRequest
  | ReviewRequest
  | WordListsRequest
  | AuthFrame;

export type ClientFrame =
  | (RequestFrame & { client_id: string })
  | { type: 'message'; to?: string; message: string; client_id: string }
  | { type: 'read_messages'; email?: string; up_to: number }
  | { type: 'typing'; email?: string; typing: boolean }
  | { type: 'leave' }
  | AuthFrame
  | { type: 'ping' };
