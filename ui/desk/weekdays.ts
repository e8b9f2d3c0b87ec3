// The days of the week in the language of the page.

import { locale } from '../words/index.ts';

/** Monday first, whatever the calendar on the wall says: the protocol counts so. */
export function weekdays(): string[] {
  const format = new Intl.DateTimeFormat(locale.value, { weekday: 'long', timeZone: 'UTC' });
  // The fifth of January 2026 is a Monday.
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2026, 0, 5 + day)));
}
