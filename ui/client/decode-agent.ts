// The frames that only an agent is sent: the inbox, what a search finds, and how the AI does.

import { attending } from './ai-frames.ts';
import { readBan } from './bans.ts';
import { decodeFrame, decodeMessage, isObject, type Json, list, number, person, text } from './decode.ts';
import { readFlags } from './flags.ts';
import type { Hit, Row, RowMessage, ServerFrame } from './frames.ts';
import { readWordLists } from './word-lists.ts';

function rowMessage(value: unknown): RowMessage | null {
  const message = decodeMessage(value);
  if (message === null) return null;
  const { id, seq, sender_type, timestamp, content, sender } = message;
  return { id, seq, sender_type, timestamp, content, sender };
}

function row(value: unknown): Row | null {
  if (!isObject(value)) return null;
  const email = text(value.email);
  const conversation = text(value.conversation) ?? email;
  if (email === undefined || conversation === undefined) return null;
  const last = rowMessage(value.last_message);
  const assignee = value.assignee;
  return {
    email,
    conversation,
    unread: number(value.unread) ?? 0,
    last_message: last,
    status: text(value.status) ?? null,
    assignee: isObject(assignee) ? (person(assignee).name ?? person(assignee).id ?? null) : (text(assignee) ?? null),
    tags: list(value.tags, (tag) => text(tag) ?? null),
    active_at: text(value.active_at) ?? last?.timestamp ?? '',
    last_seq: number(value.last_seq) ?? last?.seq ?? 0,
    gone: value.gone === true,
    attending: attending(value.attending),
    queued_at: text(value.queued_at),
    ban: readBan(value.ban),
    flagged: value.flagged === true,
  };
}

function pair(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value)) return null;
  const [start, end] = [number(value[0]), number(value[1])];
  return start === undefined || end === undefined ? null : [start, end];
}

function hit(value: unknown): Hit | null {
  const message = decodeMessage(value);
  return message && isObject(value) ? { ...message, highlights: list(value.highlights, pair) } : null;
}

export function decodeAgentFrame(frame: Json): ServerFrame | null {
  const client_id = text(frame.client_id);
  switch (frame.type) {
    case 'list':
      return {
        type: 'list',
        rows: list(frame.rows, row),
        cursor: text(frame.cursor) ?? null,
        agent: text(frame.agent),
        client_id,
      };
    case 'search':
      return { type: 'search', hits: list(frame.hits, hit), cursor: text(frame.cursor) ?? null, client_id };
    case 'row': {
      const changed = row(frame.row);
      return changed && { type: 'row', row: changed };
    }
    case 'viewers':
      return {
        type: 'viewers',
        email: text(frame.email),
        conversation: text(frame.conversation),
        viewers: list(frame.viewers, (one) => (isObject(one) ? person(one) : null)),
      };
    case 'ai':
      return { type: 'ai', client_id, report: frame };
    case 'word_lists':
      return { type: 'word_lists', client_id, lists: readWordLists(frame.lists) };
    default: {
      const decoded = decodeFrame(frame);
      if (decoded?.type !== 'conversation') return decoded;
      return { ...decoded, ban: readBan(frame.ban), flags: readFlags(frame.flags) };
    }
  }
}
