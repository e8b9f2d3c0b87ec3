// One logical connection over many sockets: opens, notices death, waits, comes back. It moves frames and does not know
// what they mean; what has to be asked again after a break is the business of those who listen.

import { backoff, closeAdvice } from './backoff.ts';
import { decodeFrame, type Json, parse } from './decode.ts';
import type { Environment, Socket } from './environment.ts';
import type { ClientFrame, ServerFrame } from './frames.ts';
import { Timer } from './timer.ts';

/** A socket that lived this long was a good one: the next break starts again with a short wait. */
const STABLE_MS = 5_000;
const OPEN_TIMEOUT_MS = 10_000;
/** A browser hides the server's pings, so we send our own when nothing has come for a while. */
const QUIET_MS = 30_000;
const PONG_TIMEOUT_MS = 10_000;
/** Shorter interruptions are not worth a word. */
const TROUBLE_MS = 2_000;

export type ConnectionState =
  /** `troubled`: it takes long enough that the person should be told. */
  { kind: 'connecting'; troubled: boolean } | { kind: 'open' } | { kind: 'stopped'; code: number; name: string };

/** Null for a frame that is not known, or lacks what it cannot do without. */
type Decode = (frame: Json) => ServerFrame | null;

export interface ConnectionListener {
  opened(): void;
  /** With the close frame's code. */
  lost(code: number): void;
  frame(frame: ServerFrame): void;
  changed(): void;
}

export class Connection {
  #environment: Environment;
  #url: string;
  #listener: ConnectionListener;
  #decode: Decode;
  #socket: Socket | null = null;
  #state: ConnectionState = { kind: 'connecting', troubled: false };
  #attempt = 0;
  #openedAt = 0;
  /** The wait before the next attempt, or the time an attempt may take. */
  #attemptTimer: Timer;
  #liveness: Timer;
  #trouble: Timer;

  constructor(environment: Environment, url: string, listener: ConnectionListener, decode: Decode = decodeFrame) {
    this.#environment = environment;
    this.#url = url;
    this.#listener = listener;
    this.#decode = decode;
    this.#attemptTimer = new Timer(environment.clock);
    this.#liveness = new Timer(environment.clock);
    this.#trouble = new Timer(environment.clock);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    this.#watchTrouble();
    this.#open();
  }

  /** Ends it for good, for example when another person takes over the page. */
  stop(): void {
    this.#discardSocket();
    this.#attemptTimer.clear();
    this.#trouble.clear();
    this.#state = { kind: 'stopped', code: 1000, name: 'stopped' };
  }

  /** The network or the page came back: do not sit out a wait, and do not trust an old socket unasked. */
  wake(): void {
    if (this.#state.kind === 'connecting' && this.#socket === null) this.#open();
    else if (this.#state.kind === 'open') this.#probe();
  }

  /** Treats the socket as closed now: the browser's own `onclose` may be minutes away on a dead network. */
  giveUp(): void {
    this.#socket?.close();
    this.#closed(1006, '');
  }

  /** False when there is no socket to take it; the caller asks again once `opened`. */
  send(frame: ClientFrame): boolean {
    if (this.#state.kind !== 'open' || this.#socket === null) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #open(): void {
    this.#attemptTimer.clear();
    const socket = this.#environment.openSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => this.#closed(event.code, event.reason);
    this.#attemptTimer.set(OPEN_TIMEOUT_MS, () => this.giveUp());
  }

  #opened(): void {
    this.#attemptTimer.clear();
    this.#trouble.clear();
    this.#openedAt = this.#environment.clock.now();
    this.#state = { kind: 'open' };
    this.#expectSigns();
    this.#listener.opened();
    this.#listener.changed();
  }

  #received(data: unknown): void {
    this.#expectSigns();
    const parsed = parse(data);
    const frame = parsed && this.#decode(parsed);
    if (frame !== null) this.#listener.frame(frame);
  }

  #closed(code: number, reason: string): void {
    const wasOpen = this.#state.kind === 'open';
    if (wasOpen && this.#environment.clock.now() - this.#openedAt >= STABLE_MS) this.#attempt = 0;
    this.#discardSocket();
    this.#attemptTimer.clear();
    const advice = closeAdvice(code, reason);
    if (advice.kind === 'stay_away') {
      this.#trouble.clear();
      this.#state = { kind: 'stopped', code: advice.code, name: advice.name };
    } else {
      if (wasOpen) this.#watchTrouble();
      const wait = advice.afterMs + backoff(this.#attempt, this.#environment.clock.random());
      this.#attempt += 1;
      this.#attemptTimer.set(wait, () => this.#open());
    }
    if (wasOpen) this.#listener.lost(code);
    this.#listener.changed();
  }

  #expectSigns(): void {
    this.#liveness.set(QUIET_MS, () => this.#probe());
  }

  #probe(): void {
    this.send({ type: 'ping' });
    this.#liveness.set(PONG_TIMEOUT_MS, () => this.giveUp());
  }

  #watchTrouble(): void {
    this.#state = { kind: 'connecting', troubled: false };
    this.#trouble.set(TROUBLE_MS, () => {
      this.#state = { kind: 'connecting', troubled: true };
      this.#listener.changed();
    });
  }

  #discardSocket(): void {
    this.#liveness.clear();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
