// What a row of the inbox says besides its words: whether the AI looks after the conversation, whether the visitor is banned,
// and how long he has waited for a person.

import { computed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Ban } from '../client/bans.ts';
import type { Row } from '../client/frames.ts';
import { AiIcon } from '../parts/ai-icons.tsx';
import { Face } from '../parts/face.tsx';
import { Icon } from '../parts/icons.tsx';
import { fullTime, instant, isoTime } from '../parts/time.ts';
import { isolated } from '../words/forms.ts';
import { locale, words } from '../words/index.ts';
import { view } from './agent-state.ts';
import { DeskIcon } from './icons.tsx';
import { useNow } from './now.ts';

/** A row says who would attend, also where there is no AI. */
const aiWorks = computed(() => {
  const report = view.value?.ai;
  const mode = report?.policy?.mode ?? 'off';
  return report?.available === true && mode !== 'off' && mode !== 'suggest';
});

/** On the face's corner there is room for one: whoever is banned is not answered by an AI. */
export function RowFace({ row }: { row: Row }) {
  const atIt = aiWorks.value && row.attending === 'ai' && row.last_message !== null;
  return (
    <span class="row-face">
      <Face name={row.email} />
      {row.ban ? <Banned ban={row.ban}>{atIt && <AtIt />}</Banned> : atIt && <AtIt />}
    </span>
  );
}

function AtIt() {
  return (
    <span class="row-mark row-ai" role="img" aria-label={words.value.aiAtIt} title={words.value.aiAtIt}>
      <AiIcon name="sparkle" />
    </span>
  );
}

/** `children`: what stands there when it has ended, which nobody tells a row. */
function Banned({ ban: { reason, until }, children }: { ban: Ban; children: ComponentChildren }) {
  const now = useNow();
  if (until !== null && instant(until) <= now) return <>{children}</>;
  const name = until === null ? words.value.banned : words.value.bannedUntil(fullTime(until));
  return (
    <span
      class="row-mark row-banned"
      role="img"
      aria-label={name}
      title={reason ? `${name}: ${isolated(reason)}` : name}
    >
      <DeskIcon name="ban" />
    </span>
  );
}

const MINUTE_MS = 60_000;
/** So long one may wait before it is late. */
const LATE_MINUTES = 10;
const UNITS = [
  ['day', 24 * 60],
  ['hour', 60],
] as const;

/** "5 min", "2 hr": as short as a row needs it. */
export function duration(minutes: number): string {
  const [unit, length] = UNITS.find(([, most]) => minutes >= most) ?? (['minute', 1] as const);
  const format = new Intl.NumberFormat(locale.value, { style: 'unit', unit, unitDisplay: 'short' });
  return format.format(Math.floor(minutes / length));
}

export function Waited({ since }: { since: string }) {
  const now = useNow();
  const minutes = Math.max(0, Math.floor((now.getTime() - instant(since).getTime()) / MINUTE_MS));
  const time = duration(minutes);
  return (
    <time
      class={minutes >= LATE_MINUTES ? 'waited waited-late' : 'waited'}
      dateTime={isoTime(since)}
      title={fullTime(since)}
    >
      <Icon name="clock" />
      <span class="hidden-text">{words.value.waitsFor(time)} </span>
      <span aria-hidden="true">{time}</span>
    </time>
  );
}
