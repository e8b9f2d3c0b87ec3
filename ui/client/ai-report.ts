// The AI of the workspace, for agents: its policy and its figures, asked for and changed. It draws nothing.

import { type Figures, type Policy, readReport } from './ai-frames.ts';
import type { Answer, Requests } from './requests.ts';

export interface ReportView {
  state: 'unknown' | 'loading' | 'ready' | 'failed';
  policy: Policy | null;
  figures: Figures | null;
  /** There is somebody to answer. */
  available: boolean;
  saving: 'idle' | 'saving' | 'saved' | 'failed';
  /** What the server had against the policy, in its own words. */
  objection: string | null;
}

const UNKNOWN: ReportView = {
  state: 'unknown',
  policy: null,
  figures: null,
  available: false,
  saving: 'idle',
  objection: null,
};

export class AiReport {
  #requests: Requests;
  #changed: () => void;
  #saved: () => void;
  #view = UNKNOWN;

  /** `saved`: another policy holds. */
  constructor(requests: Requests, changed: () => void, saved: () => void) {
    this.#requests = requests;
    this.#changed = changed;
    this.#saved = saved;
  }

  view(): ReportView {
    return this.#view;
  }

  /** Asks how things stand now. */
  fetch(): void {
    const failed = () => this.#show({ state: this.#view.policy === null ? 'failed' : this.#view.state });
    if (this.#view.policy === null) this.#show({ state: 'loading' });
    const asked = this.#requests.ask({ type: 'ai' }, { answered: (answer) => this.#take(answer), refused: failed });
    if (!asked) failed();
  }

  save(policy: Policy): void {
    const failed = (objection: string | null) => this.#show({ saving: 'failed', objection });
    this.#show({ saving: 'saving', objection: null });
    const asked = this.#requests.ask(
      { type: 'set_ai', policy },
      {
        answered: (answer) => {
          this.#take(answer);
          this.#show({ saving: 'saved' });
          this.#saved();
        },
        refused: ({ message }) => failed(message),
      },
    );
    if (!asked) failed(null);
  }

  /** What was said of the last saving is read. */
  settle(): void {
    this.#show({ saving: 'idle', objection: null });
  }

  /** The socket is gone: what was asked on it is not answered. */
  lost(): void {
    if (this.#view.saving === 'saving') this.#show({ saving: 'failed', objection: null });
    if (this.#view.state === 'loading') this.#show({ state: 'unknown' });
  }

  #take(answer: Answer): void {
    if (answer.type !== 'ai') return;
    const { policy, available, figures } = readReport(answer.report);
    this.#show({ state: 'ready', policy, available, figures });
  }

  #show(what: Partial<ReportView>): void {
    this.#view = { ...this.#view, ...what };
    this.#changed();
  }
}
