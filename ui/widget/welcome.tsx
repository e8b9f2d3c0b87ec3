// The first thing a visitor sees: a greeting, and the question who he is.

import { useEffect, useRef, useState } from 'preact/hooks';
import { takesFocus } from '../parts/attention.ts';
import { BrandFace } from '../parts/face.tsx';
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

  useEffect(() => {
    if (embedded && takesFocus.value) field.current?.focus();
  }, [takesFocus.value]);

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
              Hello.
              <br />
              How can we help?
            </>
          )}
        </h1>
        <p>{look.value.intro ?? 'Ask a question, report a problem or just tell us what you think.'}</p>
      </div>
      <form class="welcome-card" noValidate onSubmit={submit}>
        <h2>Write to us</h2>
        <label for="email">Your email</label>
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
          {refused
            ? 'Enter an email address such as ann@example.com.'
            : 'It tells us who is writing, and brings you back to your messages.'}
        </p>
        <button type="submit" class="button">
          Start chatting
        </button>
      </form>
    </div>
  );
}
