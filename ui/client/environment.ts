// What the protocol client needs from the outside: time, sockets, storage, identifiers. Tests hand in their own.
// Nothing here knows about frames.

import { type OutboxStore, SharedOutbox } from './outbox-store.ts';
import { PLACE } from './place.ts';

export interface Clock {
  now(): number;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(timer: number): void;
  /** Uniform in [0, 1), for jitter. */
  random(): number;
}

/** The part of the browser's WebSocket that we use. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** The part of Web Storage that we use. Every call may throw: private windows and full disks do that. */
export interface KeyValueStore {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Environment {
  clock: Clock;
  openSocket(url: string): Socket;
  newId(): string;
  /** A place for one outbox's messages. */
  outbox(): OutboxStore;
}

/** `crypto.randomUUID` exists on secure origins only; a host that tries us over plain http on its LAN has none. */
export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Reading `window.sessionStorage` itself throws where storage is blocked. */
export function tabStorage(): KeyValueStore | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export function browserStorage(): KeyValueStore | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Keys are of this place: what another one keeps is neither read nor written. */
export function readKey(store: KeyValueStore | null, key: string): string | null {
  try {
    return store?.getItem(PLACE + key) ?? null;
  } catch {
    return null;
  }
}

/** `null` removes the key. Failing to keep something is never an error to the person at the screen. */
export function writeKey(store: KeyValueStore | null, key: string, value: string | null): void {
  try {
    if (value === null) store?.removeItem(PLACE + key);
    else store?.setItem(PLACE + key, value);
  } catch {
    // Kept in memory only, then.
  }
}

/** The keys that begin like this. Where nothing may be read, nothing was kept. */
export function keysOf(store: KeyValueStore | null, prefix: string): string[] {
  try {
    const keys = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '');
    return keys.filter((key) => key.startsWith(PLACE + prefix)).map((key) => key.slice(PLACE.length));
  } catch {
    return [];
  }
}

/** Removes what begins like this, but for one key. */
export function forgetKeys(store: KeyValueStore | null, prefix: string, except: string | null): void {
  for (const key of keysOf(store, prefix)) if (key !== except) writeKey(store, key, null);
}

export function browserEnvironment(): Environment {
  return {
    clock: {
      now: () => Date.now(),
      setTimeout: (run, ms) => window.setTimeout(run, ms),
      clearTimeout: (timer) => window.clearTimeout(timer),
      random: () => Math.random(),
    },
    openSocket: (url) => new WebSocket(url) as Socket,
    newId: uuid,
    outbox: () => new SharedOutbox(uuid(), browserStorage()),
  };
}
