// What the dialogs of settings share: the head, what stands there until the server has answered, and the foot that saves.

import type { ComponentChildren } from 'preact';
import type { SettingView } from '../client/setting.ts';
import { Icon } from '../parts/icons.tsx';
import { words } from '../words/index.ts';
import { Dialog } from './dialog.tsx';

interface SettingDialogProps {
  label: string;
  onClose(): void;
  children: ComponentChildren;
}

export function SettingDialog({ label, onClose, children }: SettingDialogProps) {
  return (
    <Dialog class="ai-settings" label={label} onClose={onClose}>
      <header class="shortcuts-head">
        <h2>{label}</h2>
        <button type="button" class="icon-button" aria-label={words.value.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </Dialog>
  );
}

interface MissingProps {
  state: SettingView<unknown>['state'];
  failed: string;
  onRetry(): void;
}

export function Missing({ state, failed, onRetry }: MissingProps) {
  return (
    <div class="ai-missing" role="status">
      {state === 'failed' && (
        <>
          <p>{failed}</p>
          <button type="button" class="button button-quiet" onClick={onRetry}>
            {words.value.retry}
          </button>
        </>
      )}
    </div>
  );
}

interface SettingFormProps {
  setting: Pick<SettingView<unknown>, 'saving' | 'objection'>;
  /** What is wrong here, before the server is asked. */
  wrong?: string | null;
  onSubmit(): void;
  children: ComponentChildren;
}

export function SettingForm({ setting, wrong = null, onSubmit, children }: SettingFormProps) {
  const said = words.value;
  const { saving, objection } = setting;
  const submit = (event: Event) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form class="ai-form" onSubmit={submit}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <div class="ai-scroller" tabIndex={0}>
        {children}
      </div>
      <footer class="ai-foot">
        <p role="status">
          {saving === 'saving' && said.saving}
          {saving === 'saved' && said.saved}
        </p>
        {wrong !== null && (
          <p class="ai-trouble" role="alert">
            {wrong}
          </p>
        )}
        {saving === 'failed' && (
          <p class="ai-trouble" role="alert">
            {said.notSaved} {objection !== null && <bdi lang="en">{objection}</bdi>}
          </p>
        )}
        <button type="submit" class="button" disabled={saving === 'saving'}>
          {said.save}
        </button>
      </footer>
    </form>
  );
}
