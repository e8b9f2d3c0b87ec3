// The AI of the workspace: what came of it, and the policy it follows.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AgentClient } from '../client/agent.ts';
import type { Policy } from '../client/ai-frames.ts';
import type { ReportView } from '../client/ai-report.ts';
import { Icon } from '../parts/icons.tsx';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { AiFields } from './ai-fields.tsx';
import { AiFigures } from './ai-figures.tsx';
import { type Fields, fieldsOf, policyOf } from './ai-policy.ts';
import { Dialog } from './dialog.tsx';
import { weekdays } from './weekdays.ts';

interface AiSettingsProps {
  client: AgentClient;
  report: ReportView;
}

export function AiSettings({ client, report }: AiSettingsProps) {
  const said = words.value;
  const { policy, figures } = report;
  useEffect(() => {
    // Figures grow, and somebody else may have changed the policy.
    client.ai.fetch();
    return () => client.ai.settle();
  }, []);
  const close = () => {
    if (overlay.value === 'ai') overlay.value = null;
  };
  return (
    <Dialog class="ai-settings" label={said.aiSettings} onClose={close}>
      <header class="shortcuts-head">
        <h2>{said.aiSettings}</h2>
        <button type="button" class="icon-button" aria-label={said.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {policy === null || figures === null ? (
        <Missing client={client} report={report} />
      ) : (
        <PolicyForm client={client} report={report} policy={policy}>
          {!report.available && (
            <p class="ai-absent" role="status">
              <Icon name="unplug" />
              <span>
                <strong>{said.noResponder}</strong>
                {said.noResponderWhy}
              </span>
            </p>
          )}
          <AiFigures figures={figures} />
        </PolicyForm>
      )}
    </Dialog>
  );
}

function Missing({ client, report }: AiSettingsProps) {
  const { aiFailed, retry } = words.value;
  return (
    <div class="ai-missing" role="status">
      {report.state === 'failed' && (
        <>
          <p>{aiFailed}</p>
          <button type="button" class="button button-quiet" onClick={() => client.ai.fetch()}>
            {retry}
          </button>
        </>
      )}
    </div>
  );
}

interface PolicyFormProps extends AiSettingsProps {
  policy: Policy;
  children: ComponentChildren;
}

function PolicyForm({ client, report, policy, children }: PolicyFormProps) {
  const said = words.value;
  /** Over what the server says, so that what it says anew shows wherever nobody has changed it here. */
  const [edited, setEdited] = useState<Partial<Fields>>({});
  const [wrongDay, setWrongDay] = useState<number | null>(null);
  const fields = { ...fieldsOf(policy), ...edited };

  useEffect(() => {
    if (report.saving === 'saved') setEdited({});
  }, [report.saving]);

  const submit = (event: Event) => {
    event.preventDefault();
    const read = policyOf(fields);
    setWrongDay('day' in read ? read.day : null);
    if ('policy' in read) client.ai.save(read.policy);
  };

  return (
    <form class="ai-form" onSubmit={submit}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <div class="ai-scroller" tabIndex={0}>
        {children}
        <AiFields
          fields={fields}
          wrongDay={wrongDay}
          change={(what) => {
            setEdited((before) => ({ ...before, ...what }));
            if (report.saving !== 'idle') client.ai.settle();
          }}
        />
      </div>
      <footer class="ai-foot">
        <p role="status">
          {report.saving === 'saving' && said.saving}
          {report.saving === 'saved' && said.saved}
        </p>
        {wrongDay !== null && (
          <p class="ai-trouble" role="alert">
            {said.hoursRefused(weekdays()[wrongDay] ?? '')}
          </p>
        )}
        {report.saving === 'failed' && (
          <p class="ai-trouble" role="alert">
            {said.notSaved} {report.objection !== null && <bdi lang="en">{report.objection}</bdi>}
          </p>
        )}
        <button type="submit" class="button" disabled={report.saving === 'saving'}>
          {said.save}
        </button>
      </footer>
    </form>
  );
}
