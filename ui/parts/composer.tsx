// Where one writes. Grows with the text, sends on Enter, and keeps the draft through a reload. What sending means is
// the owner's business.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Drafts } from '../client/drafts.ts';
import { tabStorage } from '../client/environment.ts';
import { shared as words } from '../words/index.ts';
import { takesFocus } from './attention.ts';
import { Icon } from './icons.tsx';

const tabDrafts = new Drafts(tabStorage(), null);

interface ComposerProps {
  /** Names the draft; another key is another draft. */
  draftKey: string;
  /** Where drafts are kept, if not in the tab alone. */
  drafts?: Drafts;
  placeholder: string;
  /** A word on the button, where there is room for it. */
  sendText?: string;
  /** Ready to write in as soon as it is there. */
  eager?: boolean;
  onDraft(text: string): void;
  onSend(text: string): void;
}

export function Composer(props: ComposerProps) {
  const { draftKey, drafts = tabDrafts, eager, onDraft, onSend } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => drafts.read(draftKey));

  useEffect(() => {
    if (eager && takesFocus.value) field.current?.focus({ preventScroll: true });
  }, [eager, takesFocus.value]);

  const change = (value: string) => {
    setText(value);
    drafts.write(draftKey, value);
  };

  // Another tab goes on with the draft that stands here, or sends it. One that was begun here stays. At once, because a tab in
  // the background paints late, and one change that was missed is never made up for.
  useLayoutEffect(
    () =>
      drafts.follow?.(draftKey, (now, before) => {
        if (text !== before) return;
        setText(now);
        drafts.adopt(draftKey, now);
      }),
    [drafts, draftKey, text],
  );

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
          // Of nothing the browser would say it runs from the left, whatever language the placeholder is in.
          dir={text === '' ? undefined : 'auto'}
          aria-label={words.value.message}
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
      <button type="submit" class="composer-send" aria-label={words.value.send} disabled={text.trim() === ''}>
        {props.sendText && <span>{props.sendText}</span>}
        <Icon name="arrow-up" />
      </button>
    </form>
  );
}
