// Whether somebody is looking at the page, whether the network came back, and how much of a phone's screen the keyboard
// leaves. Thin wrappers around browser events; no state of the chat.

import { signal } from '@preact/signals';

function attended(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
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
