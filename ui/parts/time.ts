// Times as people say them, in the browser's own language. Input is the wire's timestamp: UTC with six digits.

export function instant(timestamp: string): Date {
  // Not every engine reads more than three digits of a second.
  return new Date(timestamp.replace(/(\.\d{3})\d+/, '$1'));
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const weekdayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const dateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' });
const shortDateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const yearFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function valid(date: Date): boolean {
  return !Number.isNaN(date.getTime());
}

export function clockTime(timestamp: string): string {
  const date = instant(timestamp);
  return valid(date) ? clockFormat.format(date) : '';
}

export function fullTime(timestamp: string): string {
  const date = instant(timestamp);
  return valid(date) ? fullFormat.format(date) : '';
}

/** Which local day a time belongs to, for comparing. */
export function dayKey(timestamp: string): string {
  const date = instant(timestamp);
  return valid(date) ? `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}` : '';
}

/** Whole local days between, so that yesterday evening is yesterday this morning. */
function daysAgo(date: Date, now: Date): number {
  const day = (of: Date) => Date.UTC(of.getFullYear(), of.getMonth(), of.getDate());
  return Math.round((day(now) - day(date)) / 86_400_000);
}

export function dayName(timestamp: string, now: Date): string {
  const date = instant(timestamp);
  if (!valid(date)) return '';
  const days = daysAgo(date, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days > 1 && days < 7) return weekdayFormat.format(date);
  return (date.getFullYear() === now.getFullYear() ? dateFormat : yearFormat).format(date);
}

/** As short as a list needs it. */
export function listTime(timestamp: string, now: Date): string {
  const date = instant(timestamp);
  if (!valid(date)) return '';
  const days = daysAgo(date, now);
  if (days <= 0) return clockFormat.format(date);
  if (days === 1) return 'Yesterday';
  return days < 7 ? weekdayFormat.format(date).slice(0, 3) : shortDateFormat.format(date);
}
