// Times as people say them, in the language of the page and the time zone of the reader. Input is the wire's timestamp:
// UTC with six digits.

import { computed } from '@preact/signals';
import { locale } from '../words/index.ts';

export function instant(timestamp: string): Date {
  // Not every engine reads more than three digits of a second.
  return new Date(timestamp.replace(/(\.\d{3})\d+/, '$1'));
}

const formats = computed(() => {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale.value, options);
  return {
    clock: format({ hour: 'numeric', minute: '2-digit' }),
    weekday: format({ weekday: 'long' }),
    shortWeekday: format({ weekday: 'short' }),
    date: format({ day: 'numeric', month: 'long' }),
    shortDate: format({ day: 'numeric', month: 'short' }),
    year: format({ day: 'numeric', month: 'long', year: 'numeric' }),
    full: format({ dateStyle: 'medium', timeStyle: 'short' }),
    relative: new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }),
  };
});

function valid(date: Date): boolean {
  return !Number.isNaN(date.getTime());
}

export function clockTime(timestamp: string): string {
  const date = instant(timestamp);
  return valid(date) ? formats.value.clock.format(date) : '';
}

export function fullTime(timestamp: string): string {
  const date = instant(timestamp);
  return valid(date) ? formats.value.full.format(date) : '';
}

/** For `datetime`. */
export function isoTime(timestamp: string): string | undefined {
  const date = instant(timestamp);
  return valid(date) ? date.toISOString() : undefined;
}

/** Which local day a time belongs to, for comparing. */
export function dayKey(date: Date): string {
  return valid(date) ? `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}` : '';
}

/** Whole local days between, so that yesterday evening is yesterday this morning. */
function daysAgo(date: Date, now: Date): number {
  const day = (of: Date) => Date.UTC(of.getFullYear(), of.getMonth(), of.getDate());
  return Math.round((day(now) - day(date)) / 86_400_000);
}

/** "Today" or "yesterday", standing alone. */
function relativeDay(days: number): string {
  const said = formats.value.relative.format(-days, 'day');
  const [first = '', ...rest] = said;
  return first.toLocaleUpperCase(locale.value) + rest.join('');
}

export function dayName(timestamp: string, now: Date): string {
  const date = instant(timestamp);
  if (!valid(date)) return '';
  const days = daysAgo(date, now);
  if (days === 0 || days === 1) return relativeDay(days);
  if (days > 1 && days < 7) return formats.value.weekday.format(date);
  return (date.getFullYear() === now.getFullYear() ? formats.value.date : formats.value.year).format(date);
}

/** As short as a list needs it. */
export function listTime(timestamp: string, now: Date): string {
  const date = instant(timestamp);
  if (!valid(date)) return '';
  const days = daysAgo(date, now);
  if (days <= 0) return formats.value.clock.format(date);
  if (days === 1) return relativeDay(1);
  return (days < 7 ? formats.value.shortWeekday : formats.value.shortDate).format(date);
}

const STEPS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago, in the largest unit that fits; a date when it is long ago. */
export function timeAgo(timestamp: string, now: Date): string {
  const date = instant(timestamp);
  if (!valid(date)) return '';
  const seconds = Math.max(0, (now.getTime() - date.getTime()) / 1_000);
  if (seconds >= 7 * 86_400) return formats.value.full.format(date);
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return formats.value.relative.format(-Math.floor(seconds / length), unit);
  }
  return formats.value.relative.format(0, 'second');
}
