// The column beside the conversation: who it is with, and the sections that have something to say.

import { Face } from '../parts/face.tsx';
import { words } from '../words/index.ts';
import { SECTIONS, type Section, type Subject } from './sections.tsx';

interface DetailsProps extends Subject {
  sections?: readonly Section[];
}

export function Details({ email, row, sections = SECTIONS }: DetailsProps) {
  const subject = { email, row };
  return (
    <aside class="details" aria-label={words.value.details}>
      <header class="details-head">
        <Face name={email} size="large" />
        <h2 dir="auto">{email}</h2>
      </header>
      {sections
        .filter((section) => section.applies(subject))
        .map((section) => (
          <section
            key={section.id}
            class={`details-section details-${section.id}`}
            aria-labelledby={section.title && `details-${section.id}`}
          >
            {section.title && <h3 id={`details-${section.id}`}>{section.title()}</h3>}
            {section.draw(subject)}
          </section>
        ))}
    </aside>
  );
}
