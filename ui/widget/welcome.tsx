// The first thing a visitor sees: a greeting, and the question who he is.

import { useEffect, useRef, useState } from 'preact/hooks';
import { takesFocus } from '../parts/attention.ts';
import { BrandFace } from '../parts/face.tsx';
import { shared as words } from '../words/index.ts';
import { embedded } from './embedded.ts';
import { look } from './look.ts';
import { introduce } from './visitor-state.ts';

/** The protocol's limit, in bytes of UTF-8. */
const MAX_EMAIL_BYTES = 254;

/** Only what nobody would call an address is refused; the rest is between the visitor and his mailbox. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text) && new TextEncoder().encode(text).length <= MAX_EMAIL_BYTES;
}

export function Welcome() {
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const title = look.value.title ?? words.value.support;

  useEffect(() => {
    if (embedded && takesFocus.value) field.current?.focus();
  }, [takesFocus.value]);

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
          {look.value.greeting ?? (
            <>
              {words.value.hello}
              <br />
              {words.value.howCanWeHelp}
            </>
          )}
        </h1>
        <p>{look.value.intro ?? words.value.askAway}</p>
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
