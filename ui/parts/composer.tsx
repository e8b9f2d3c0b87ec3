// Where one writes. Grows with the text, sends on Enter, and keeps the draft through a reload. What sending means is
// the owner's business.

import { useEffect, useRef, useState } from 'preact/hooks';
import { readKey, tabStorage, writeKey } from '../client/environment.ts';
import { takesFocus } from './attention.ts';
import { Icon } from './icons.tsx';

interface ComposerProps {
  /** Where the draft is kept; another key is another draft. */
  draftKey: string;
  placeholder: string;
  /** A word on the button, where there is room for it. */
  sendText?: string;
  onDraft(text: string): void;
  onSend(text: string): void;
}

export function Composer(props: ComposerProps) {
  const { draftKey, onDraft, onSend } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => readKey(tabStorage(), draftKey) ?? '');

  useEffect(() => {
    if (takesFocus.value) field.current?.focus({ preventScroll: true });
  }, [takesFocus.value]);

  const change = (value: string) => {
    setText(value);
    writeKey(tabStorage(), draftKey, value === '' ? null : value);
  };

  const send = () => {
    if (text.trim() === '') return;
    onSend(text);
    change('');
    field.current?.focus();
  };

  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    // Enter that chooses a candidate of an input method; Safari reports it as key 229 after the composition.
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-grow" data-text={text}>
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          dir="auto"
          aria-label="Message"
          placeholder={props.placeholder}
          enterkeyhint="send"
          value={text}
          onInput={(event) => {
            change(event.currentTarget.value);
            onDraft(event.currentTarget.value);
          }}
          onKeyDown={keyDown}
        />
      </div>
      <button
        type="submit"
        class={`composer-send${props.sendText ? ' composer-send-wide' : ''}`}
        aria-label="Send"
        disabled={text.trim() === ''}
      >
        {props.sendText && <span>{props.sendText}</span>}
        <Icon name="arrow-up" />
      </button>
    </form>
  );
}
