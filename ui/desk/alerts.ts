// Sound and desktop notifications for new conversations and for visitors who wait for a person, after one click that allows both. The chime is made on the
// spot; the wish is remembered in this browser.

import { signal } from '@preact/signals';
import { browserStorage, readKey, writeKey } from '../client/environment.ts';
import type { Row } from '../client/frames.ts';
import type { Arrival } from '../client/inbox.ts';
import { PLACE } from '../client/place.ts';
import { attention } from '../parts/attention.ts';
import { isolated } from '../words/forms.ts';
import { locale, words } from '../words/index.ts';

const KEY = 'alerts';
/** Two notes, a fifth apart. */
const NOTES_HZ = [659.25, 987.77];
const NOTE_S = 0.14;
const RING_S = 0.5;
const LOUDNESS = 0.12;

export const alerts = signal(readKey(browserStorage(), KEY) === 'on');
/** The browser refuses notifications; only the sound is left. */
export const blocked = signal(false);

let audio: AudioContext | null = null;

/** Called from a click or a key: only then may a page make a sound, or ask. */
export function toggleAlerts(): void {
  alerts.value = !alerts.value;
  blocked.value = false;
  writeKey(browserStorage(), KEY, alerts.value ? 'on' : null);
  if (!alerts.value) return;
  unlock();
  chime();
  if (typeof Notification === 'undefined') return;
  void Promise.resolve(Notification.requestPermission()).then((answer) => {
    blocked.value = answer === 'denied';
  });
}

/** After a reload the first click or key gives the sound back. */
export function unlockAlerts(): void {
  for (const event of ['pointerdown', 'keydown'] as const) {
    window.addEventListener(event, () => alerts.value && unlock(), { once: true, capture: true });
  }
}

function unlock(): void {
  if (typeof AudioContext === 'undefined') return;
  audio ??= new AudioContext();
  if (audio.state === 'suspended') void audio.resume();
}

function chime(): void {
  if (audio === null) return;
  const { currentTime, destination } = audio;
  for (const [index, frequency] of NOTES_HZ.entries()) {
    const start = currentTime + index * NOTE_S;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + RING_S);
    tone.connect(volume).connect(destination);
    tone.start(start);
    tone.stop(start + RING_S);
  }
}

/** One of several tabs rings; the notification is one anyway, by its tag. */
function ringOnce(): void {
  if (!('locks' in navigator)) {
    chime();
    return;
  }
  void navigator.locks.request('minicom.chime', { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    chime();
    await new Promise((done) => window.setTimeout(done, 1_000));
  });
}

/** A new conversation began, or its visitor waits for a person. `open`: shows it. */
export function announce(row: Row, why: Arrival, open: () => void): void {
  if (!alerts.value) return;
  ringOnce();
  if (attention.value || typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const { newConversation, personNeeded } = words.value;
  const notification = new Notification((why === 'waits' ? personNeeded : newConversation)(row.email), {
    body: isolated(row.last_message?.content ?? ''),
    // The same person's conversation has the same name in every workspace.
    tag: PLACE + row.conversation,
    lang: locale.value,
    dir: 'auto',
  });
  notification.onclick = () => {
    window.focus();
    open();
    notification.close();
  };
}
