// From the keyboard to actions. While one writes, letters are letters; Escape leaves the field first.

import { useEffect } from 'preact/hooks';
import { ACTIONS, MAC, perform } from './actions.ts';

const FIELDS = [HTMLTextAreaElement, HTMLInputElement, HTMLSelectElement];

export function useKeys(): void {
  useEffect(() => {
    document.addEventListener('keydown', keyDown);
    return () => document.removeEventListener('keydown', keyDown);
  }, []);
}

function keyDown(event: KeyboardEvent): void {
  if (event.isComposing || event.altKey) return;
  const mod = MAC ? event.metaKey : event.ctrlKey;
  if (!mod && (event.ctrlKey || event.metaKey)) return;
  const { target } = event;
  const field = FIELDS.some((kind) => target instanceof kind);
  // The field of a dialog that has just closed keeps the focus until the next frame.
  const writing = field && target instanceof HTMLElement && target.closest('dialog:not([open])') === null;
  // The element itself: it closes at once, and says so only later.
  const covered = document.querySelector('dialog[open]') !== null;
  if (event.key === 'Escape' && writing && !covered) {
    target.blur();
    return;
  }
  if ((writing && !mod) || (covered && !mod)) return;
  const action = ACTIONS.find(({ key }) => key === (mod ? `Mod+${event.key.toLowerCase()}` : event.key));
  if (action === undefined) return;
  event.preventDefault();
  perform(action);
}
