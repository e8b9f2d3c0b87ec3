// What came of the AI's work: numbers, and what share of their like they are.

import type { Figures } from '../client/ai-frames.ts';
import { locale, words } from '../words/index.ts';
import { reasonText } from './event-text.ts';

export function AiFigures({ figures }: { figures: Figures }) {
  const said = words.value;
  const { exactly } = said;
  const { answered, suggested, stopped, helpful, unhelpful } = figures;
  const reasons = Object.entries(figures.handed_over).sort(([, a], [, b]) => b - a);
  const handedOver = reasons.reduce((sum, [, times]) => sum + times, 0);
  const outcomes = answered + handedOver + stopped;
  const verdicts = helpful + unhelpful;
  const of = (times: number, all: number, say: (share: string) => string) =>
    all > 0 ? say(percent(times / all)) : null;
  return (
    <section class="figures" aria-labelledby="figures">
      <h3 id="figures">{said.figures}</h3>
      <dl>
        <Figure name={said.answered} value={exactly(answered)} share={of(answered, outcomes, said.ofTotal)} />
        <Figure
          name={said.handedOverCount}
          value={exactly(handedOver)}
          share={of(handedOver, outcomes, said.ofTotal)}
        />
        <Figure name={said.stoppedCount} value={exactly(stopped)} share={of(stopped, outcomes, said.ofTotal)} />
        <Figure name={said.helpful} value={exactly(helpful)} share={of(helpful, verdicts, said.ofVerdicts)} />
        <Figure name={said.notHelpful} value={exactly(unhelpful)} share={of(unhelpful, verdicts, said.ofVerdicts)} />
        <Figure name={said.takenOver} value={exactly(figures.taken_over)} share={null} />
        {suggested > 0 && <Figure name={said.suggested} value={exactly(suggested)} share={null} />}
      </dl>
      {reasons.length > 0 && (
        <ul class="reasons" aria-label={said.whenHandedOver}>
          {reasons.map(([reason, times]) => (
            <li key={reason}>
              <span>{reasonText(reason)}</span>
              <span>{exactly(times)}</span>
              <small>{said.ofHandovers(percent(times / handedOver))}</small>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Figure({ name, value, share }: { name: string; value: string; share: string | null }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {share !== null && <small>{share}</small>}
      </dd>
    </div>
  );
}

function percent(share: number): string {
  return new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}
