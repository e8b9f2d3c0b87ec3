// Between a policy and the fields of its form, which are all text. Hours are written as people write them.

import { PERSONALITIES, type Personality, type Policy, type Shift } from '../client/ai-frames.ts';

export interface Fields {
  mode: Policy['mode'];
  share: string;
  name: string;
  prompt: string;
  /** One of `PERSONALITIES`, or `own`. */
  personality: string;
  own: string;
  unhelpfulAfter: string;
  words: string;
  timeZone: string;
  /** Monday first. */
  week: readonly string[];
  deadline: string;
  attempts: string;
}

const DAY_MINUTES = 24 * 60;
const MAX_SHIFTS = 4;

/** Where the agent is, for offices that have said nothing yet. */
function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function fieldsOf(policy: Policy): Fields {
  const { personality, hours } = policy;
  return {
    mode: policy.mode,
    share: String(policy.share),
    name: policy.name ?? '',
    prompt: policy.prompt,
    personality: typeof personality === 'string' ? personality : 'own',
    own: typeof personality === 'string' ? '' : personality.own,
    unhelpfulAfter: policy.unhelpful_after === null ? '' : String(policy.unhelpful_after),
    words: policy.handoff_words.join('\n'),
    timeZone: hours?.time_zone ?? ownTimeZone(),
    week: Array.from({ length: 7 }, (_, day) => written(hours?.week[day] ?? [])),
    deadline: String(policy.deadline_s),
    attempts: String(policy.attempts),
  };
}

/** A policy, or the first day whose hours nobody can read. */
export function policyOf(fields: Fields): { policy: Policy } | { day: number } {
  const week = fields.week.map(shifts);
  const day = week.indexOf(null);
  if (day >= 0) return { day };
  const open = week.some((shifts) => shifts !== null && shifts.length > 0);
  const policy: Policy = {
    mode: fields.mode,
    name: fields.name.trim() || null,
    prompt: fields.prompt.trim(),
    personality: personalityOf(fields),
    share: whole(fields.share, 100),
    unhelpful_after: fields.unhelpfulAfter.trim() === '' ? null : whole(fields.unhelpfulAfter, 1),
    handoff_words: fields.words
      .split('\n')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
    hours: open ? { time_zone: fields.timeZone.trim(), week: week.map((shifts) => shifts ?? []) } : null,
    deadline_s: whole(fields.deadline, 60),
    attempts: whole(fields.attempts, 3),
  };
  return { policy };
}

function personalityOf({ personality, own }: Fields): Personality {
  const known = PERSONALITIES.find((name) => name === personality);
  return known ?? (own.trim() === '' ? 'friendly' : { own: own.trim() });
}

function whole(text: string, otherwise: number): number {
  const number = Number(text);
  return text.trim() !== '' && Number.isSafeInteger(number) ? number : otherwise;
}

const SHIFT = /^(\d{1,2})(?::(\d{2}))?\s*[-–—]\s*(\d{1,2})(?::(\d{2}))?$/;

/** Null for what nobody can read. */
export function shifts(text: string): Shift[] | null {
  const parts = text
    .split(/[,;،、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const read = parts.map((part) => {
    const [, fromHour, fromMinute, untilHour, untilMinute] = SHIFT.exec(part) ?? [];
    const from = minutes(fromHour, fromMinute);
    const until = minutes(untilHour, untilMinute);
    return from < until && until <= DAY_MINUTES ? [{ from, until }] : null;
  });
  return read.includes(null) || parts.length > MAX_SHIFTS ? null : read.flatMap((shift) => shift ?? []);
}

/** NaN, which is less than nothing and not more, for no time. */
function minutes(hour: string | undefined, minute = '0'): number {
  return Number(minute) < 60 ? Number(hour ?? Number.NaN) * 60 + Number(minute) : Number.NaN;
}

function written(shifts: readonly Shift[]): string {
  const clock = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
  return shifts.map(({ from, until }) => `${clock(from)}–${clock(until)}`).join(', ');
}
