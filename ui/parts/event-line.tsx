// One muted line in the conversation about something that happened.

import type { Happening } from '../client/frames.ts';
import { visitorsText } from './event-text.ts';
import { clockTime, fullTime, isoTime } from './time.ts';

export function VisitorsLine({ event }: { event: Happening }) {
  return <EventLine text={visitorsText(event)} timestamp={event.timestamp} />;
}

export function EventLine({ text, timestamp }: { text: string; timestamp: string }) {
  return (
    <p class="event-line">
      <span>{text}</span>{' '}
      <time dateTime={isoTime(timestamp)} title={fullTime(timestamp)}>
        {clockTime(timestamp)}
      </time>
    </p>
  );
}
