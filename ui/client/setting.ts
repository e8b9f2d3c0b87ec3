// What agents set for the whole workspace: asked for, changed, and what the server had against it. It draws nothing.

import type { RequestFrame } from './frames.ts';
import type { Answer, Requests } from './requests.ts';

export interface SettingView<T> {
  state: 'unknown' | 'loading' | 'ready' | 'failed';
  /** What holds, as far as the server has said. */
  value: T | null;
  saving: 'idle' | 'saving' | 'saved' | 'failed';
  /** What the server had against it, in its own words. */
  objection: string | null;
}

/** The question, and what its answer says; null: it is the answer to another one. */
export interface Asking<T> {
  frame: RequestFrame;
  read(answer: Answer): T | null;
}

export class Setting<T> {
  #requests: Requests;
  #changed: () => void;
  #asking: Asking<T>;
  #setting: SettingView<T> = { state: 'unknown', value: null, saving: 'idle', objection: null };

  constructor(requests: Requests, changed: () => void, asking: Asking<T>) {
    this.#requests = requests;
    this.#changed = changed;
    this.#asking = asking;
  }

  get setting(): SettingView<T> {
    return this.#setting;
  }

  /** Asks how things stand now. */
  fetch(): void {
    const none = this.#setting.value === null;
    const failed = () => this.#show({ state: none ? 'failed' : this.#setting.state });
    if (none) this.#show({ state: 'loading' });
    const { frame } = this.#asking;
    if (!this.#requests.ask(frame, { answered: (answer) => this.#take(answer), refused: failed })) failed();
  }

  /** `frame` sets it, and is answered as the question is. */
  set(frame: RequestFrame, saved: () => void = () => {}): void {
    const failed = (objection: string | null) => this.#show({ saving: 'failed', objection });
    this.#show({ saving: 'saving', objection: null });
    const asked = this.#requests.ask(frame, {
      answered: (answer) => {
        this.#take(answer);
        this.#show({ saving: 'saved' });
        saved();
      },
      refused: ({ message }) => failed(message),
    });
    if (!asked) failed(null);
  }

  /** What was said of the last saving is read. */
  settle(): void {
    this.#show({ saving: 'idle', objection: null });
  }

  /** The socket is gone: what was asked on it is not answered. */
  lost(): void {
    if (this.#setting.saving === 'saving') this.#show({ saving: 'failed', objection: null });
    if (this.#setting.state === 'loading') this.#show({ state: 'unknown' });
  }

  #take(answer: Answer): void {
    const value = this.#asking.read(answer);
    if (value !== null) this.#show({ state: 'ready', value });
  }

  #show(what: Partial<SettingView<T>>): void {
    this.#setting = { ...this.#setting, ...what };
    this.#changed();
  }
}
