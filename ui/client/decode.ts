// From text to typed frames. Unknown types and fields are ignored, absent optional ones get their neutral value,
// and a frame that lacks what it cannot do without is dropped. Nothing here keeps state.

import type { Cursors, Epoch, Happening, Message, Page, Person, SenderType, ServerFrame } from './frames.ts';

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function epoch(value: unknown): Epoch {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function senderType(value: unknown): SenderType | undefined {
  return value === 'user' || value === 'admin' || value === 'ai' ? value : undefined;
}

export function person(value: unknown): Person {
  if (!isObject(value)) return {};
  return {
    id: text(value.id),
    name: text(value.name) ?? text(value.display_name),
    role: text(value.role),
  };
}

function cursors(value: unknown): Cursors {
  if (!isObject(value)) return { user: 0, admin: 0 };
  return { user: number(value.user) ?? 0, admin: number(value.admin) ?? 0 };
}

export function decodeMessage(value: unknown): Message | null {
  if (!isObject(value)) return null;
  const seq = number(value.seq);
  const sender_type = senderType(value.sender_type);
  const content = text(value.content);
  if (seq === undefined || sender_type === undefined || content === undefined) return null;
  return {
    id: number(value.id) ?? seq,
    seq,
    email: text(value.email) ?? '',
    conversation: text(value.conversation),
    sender_type,
    content,
    timestamp: text(value.timestamp) ?? '',
    client_id: text(value.client_id),
    sender: isObject(value.sender) ? person(value.sender) : undefined,
    sources: value.sources,
  };
}

export function list<T>(value: unknown, one: (item: unknown) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.map(one).filter((item) => item !== null);
}

function happening(value: unknown): Happening | null {
  if (!isObject(value)) return null;
  const { seq, kind, timestamp } = value;
  if (typeof seq !== 'number') return null;
  return { ...value, seq, kind: text(kind) ?? '', timestamp: text(timestamp) ?? '' };
}

function page(frame: Json): Page {
  const messages = list(frame.messages, decodeMessage);
  const first = messages[0]?.seq ?? 1;
  return {
    messages,
    events: list(frame.events, happening),
    ai: frame.ai,
    first_seq: number(frame.first_seq) ?? first,
    last_seq: number(frame.last_seq) ?? messages.at(-1)?.seq ?? first - 1,
    epoch: epoch(frame.epoch),
    has_more: frame.has_more === true,
    recovered: typeof frame.recovered === 'boolean' ? frame.recovered : undefined,
    read: cursors(frame.read),
    conversation: text(frame.conversation),
  };
}

export function parse(data: unknown): Json | null {
  if (typeof data !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(data);
    return isObject(frame) ? frame : null;
  } catch {
    return null;
  }
}

/** The frames that both a visitor and an agent are sent. */
export function decodeFrame(frame: Json): ServerFrame | null {
  const client_id = text(frame.client_id);
  switch (frame.type) {
    case 'history':
    case 'conversation':
      return { type: frame.type, email: text(frame.email) ?? '', client_id, ...page(frame) };
    case 'message': {
      const message = decodeMessage(frame.message);
      return message && { type: 'message', message };
    }
    case 'messages_read':
      if (frame.reader !== 'user' && frame.reader !== 'admin') return null;
      return {
        type: 'messages_read',
        reader: frame.reader,
        email: text(frame.email) ?? '',
        up_to: number(frame.up_to),
      };
    case 'ack': {
      const seq = number(frame.seq) ?? 0;
      if (client_id === undefined) return null;
      return { type: 'ack', client_id, id: number(frame.id) ?? seq, seq, timestamp: text(frame.timestamp) ?? '' };
    }
    case 'event': {
      const event = happening(frame.event);
      return event && { type: 'event', event };
    }
    case 'draft':
      return { type: 'draft', draft: frame };
    case 'typing':
      return {
        type: 'typing',
        email: text(frame.email),
        conversation: text(frame.conversation),
        sender: person(frame.sender),
        typing: frame.typing !== false,
      };
    case 'error':
      return {
        type: 'error',
        code: text(frame.code) ?? 'unknown',
        message: text(frame.message) ?? '',
        client_id,
        retry_after_ms: number(frame.retry_after_ms),
      };
    case 'pong':
      return { type: 'pong' };
    default:
      return null;
  }
}
