// What somebody wrote, on the screen. Plain text is shown as it is; for anything that may be Markdown its chunk is
// loaded, and until it is there, or if it cannot be had, the text stands there verbatim.

import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';

type Draw = (text: string) => ComponentChildren;

/** Null until the chunk is there. Its coming changes the height of messages. */
export const drawing = signal<Draw | null>(null);
let loading = false;

/** Whatever has none of these is the same with and without Markdown. */
const MARKED = /[*_`>[\\]|^\s*(?:[-+]|\d+[.)])\s|~~~|https?:\/\//im;

export function loadMarkdown(): void {
  if (loading || drawing.peek() !== null) return;
  loading = true;
  import('./markdown.ts').then(
    ({ draw }) => {
      drawing.value = draw;
    },
    () => {
      // The next text that needs it tries again.
      loading = false;
    },
  );
}

export function RichText({ text }: { text: string }) {
  const marked = MARKED.test(text);
  if (marked) loadMarkdown();
  const draw = marked ? drawing.value : null;
  const nodes = useMemo(() => (draw === null ? text : draw(text)), [text, draw]);
  return <>{nodes}</>;
}
