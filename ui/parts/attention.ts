// Whether somebody is looking at the page, whether the network came back, and how much of a phone's screen the keyboard
// leaves. Thin wrappers around browser events; no state of the chat.

import { signal } from '@preact/signals';

/** What the page around ours says, when ours is in a frame: whether it shows us, and whether it has the focus itself. */
let surroundings: { open: boolean; attended: boolean } | null = null;

function attended(): boolean {
  if (document.visibilityState !== 'visible') return false;
  if (surroundings === null) return document.hasFocus();
  return surroundings.open && (surroundings.attended || document.hasFocus());
}

/** Without a mouse, focus would pull up the keyboard before anybody asked for it. */
function withMouse(): boolean {
  return window.matchMedia('(hover: hover)').matches;
}

/** The field where one writes may have the focus unasked. In a frame only while the person has just opened it. */
export const takesFocus = signal(withMouse());

export function mayTakeFocus(may: boolean): void {
  takesFocus.value = may && withMouse();
}

/** Called whenever the page around ours knows something new. */
export function surroundedBy(standing: { open: boolean; attended: boolean }): void {
  surroundings = standing;
  attention.value = attended();
}

/** The page is visible and has the focus. */
export const attention = signal(attended());
export const online = signal(navigator.onLine);

export function watchAttention(wake: () => void): void {
  const update = () => {
    attention.value = attended();
  };
  window.addEventListener('focus', update);
  window.addEventListener('blur', update);
  window.addEventListener('pageshow', wake);
  document.addEventListener('visibilitychange', () => {
    update();
    if (document.visibilityState === 'visible') wake();
  });
  window.addEventListener('offline', () => {
    online.value = false;
  });
  window.addEventListener('online', () => {
    online.value = true;
    wake();
  });
}

/** iOS lays the keyboard over the page without telling it; the visual viewport is what is left. */
export function fitKeyboard(): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    // Zoomed in, the viewport is small for another reason.
    const value = viewport.scale > 1.01 ? '100dvh' : `${viewport.height}px`;
    document.documentElement.style.setProperty('--viewport-block', value);
  };
  viewport.addEventListener('resize', fit);
  fit();
}
