// The present time for what shows how long something has lasted: one clock for all of them, that runs while it is looked at.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const EVERY_MS = 15_000;

const now = signal(new Date());
let watching = 0;
let timer = 0;

export function useNow(): Date {
  useEffect(() => {
    if (watching === 0) {
      now.value = new Date();
      timer = window.setInterval(() => {
        now.value = new Date();
      }, EVERY_MS);
    }
    watching += 1;
    return () => {
      watching -= 1;
      if (watching === 0) window.clearInterval(timer);
    };
  }, []);
  return now.value;
}
