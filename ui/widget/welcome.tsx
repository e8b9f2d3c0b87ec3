// The first thing a visitor sees where nobody says who he is: a greeting, and that question. A chunk of its own, because a host
// that has visitors knows them, or makes them (anonymous.ts); this is for development.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { WidgetConfig } from '../loader/messages.ts';
import { adopt } from '../parts/adopt.ts';
import { BrandFace } from '../parts/face.tsx';
import { shared as words } from '../words/index.ts';
import styles from './welcome.css?inline';

adopt(styles);

/** The protocol's limit, in bytes of UTF-8. */
const MAX_EMAIL_BYTES = 254;

/** Only what nobody would call an address is refused; the rest is between the visitor and his mailbox. */
function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text) && new TextEncoder().encode(text).length <= MAX_EMAIL_BYTES;
}

export interface WelcomeProps {
  look: WidgetConfig;
  /** Ready to write in. */
  eager: boolean;
  introduce(email: string): void;
}

/** What it needs of the page is handed to it, so that nothing of that is loaded apart. */
export function Welcome({ look, eager, introduce }: WelcomeProps) {
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const title = look.title ?? words.value.support;

  useEffect(() => {
    if (eager) field.current?.focus();
  }, [eager]);

  useEffect(() => {
    document.title = title;
  }, [title]);

  const submit = (event: Event) => {
    event.preventDefault();
    const address = text.trim();
    if (isEmail(address)) introduce(address);
    else setRefused(true);
  };

  return (
    <div class="welcome">
      <div class="welcome-hero">
        <BrandFace />
        <h1>
          {look.greeting ?? (
            <>
              {words.value.hello}
              <br />
              {words.value.howCanWeHelp}
            </>
          )}
        </h1>
        <p>{look.intro ?? words.value.askAway}</p>
      </div>
      <form class="welcome-card" noValidate onSubmit={submit}>
        <h2>{words.value.writeToUs}</h2>
        <label for="email">{words.value.yourEmail}</label>
        <input
          ref={field}
          id="email"
          class="field"
          type="email"
          name="email"
          autocomplete="email"
          inputMode="email"
          autocapitalize="none"
          spellcheck={false}
          placeholder="ann@example.com"
          value={text}
          aria-invalid={refused}
          aria-describedby="email-help"
          onInput={(event) => {
            setText(event.currentTarget.value);
            setRefused(false);
          }}
        />
        <p
          id="email-help"
          class={refused ? 'field-help field-refused' : 'field-help'}
          role={refused ? 'alert' : undefined}
        >
          {refused ? words.value.emailRefused : words.value.emailWhy}
        </p>
        <button type="submit" class="button">
          {words.value.startChatting}
        </button>
      </form>
    </div>
  );
}
