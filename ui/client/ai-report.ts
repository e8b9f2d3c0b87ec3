// The AI of the workspace, for agents: its policy and its figures, asked for and changed. It draws nothing.

import { type Figures, type Policy, type Report, readReport } from './ai-frames.ts';
import type { Requests } from './requests.ts';
import { Setting, type SettingView } from './setting.ts';

export interface ReportView extends Omit<SettingView<Report>, 'value'> {
  policy: Policy | null;
  figures: Figures | null;
  /** There is somebody to answer. */
  available: boolean;
}

export class AiReport extends Setting<Report> {
  #saved: () => void;

  /** `saved`: another policy holds. */
  constructor(requests: Requests, changed: () => void, saved: () => void) {
    super(requests, changed, {
      frame: { type: 'ai' },
      read: (answer) => (answer.type === 'ai' ? readReport(answer.report) : null),
    });
    this.#saved = saved;
  }

  view(): ReportView {
    const { value, ...setting } = this.setting;
    const { policy = null, figures = null, available = false } = value ?? {};
    return { ...setting, policy, figures, available };
  }

  save(policy: Policy): void {
    this.set({ type: 'set_ai', policy }, this.#saved);
  }
}
