// The AI of the workspace: what came of it, and the policy it follows.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { AgentClient } from '../client/agent.ts';
import type { Policy } from '../client/ai-frames.ts';
import type { ReportView } from '../client/ai-report.ts';
import { Icon } from '../parts/icons.tsx';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { AiFields } from './ai-fields.tsx';
import { AiFigures } from './ai-figures.tsx';
import { type Fields, fieldsOf, policyOf } from './ai-policy.ts';
import { Missing, SettingDialog, SettingForm } from './setting-parts.tsx';
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
    <SettingDialog label={said.aiSettings} onClose={close}>
      {policy === null || figures === null ? (
        <Missing state={report.state} failed={said.aiFailed} onRetry={() => client.ai.fetch()} />
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
    </SettingDialog>
  );
}

interface PolicyFormProps extends AiSettingsProps {
  policy: Policy;
  children: ComponentChildren;
}

function PolicyForm({ client, report, policy, children }: PolicyFormProps) {
  /** Over what the server says, so that what it says anew shows wherever nobody has changed it here. */
  const [edited, setEdited] = useState<Partial<Fields>>({});
  const [wrongDay, setWrongDay] = useState<number | null>(null);
  const fields = { ...fieldsOf(policy), ...edited };

  // Before "Saved" can be seen: what is typed after it belongs to the next saving.
  useLayoutEffect(() => {
    if (report.saving === 'saved') setEdited({});
  }, [report.saving]);

  const submit = () => {
    const read = policyOf(fields);
    setWrongDay('day' in read ? read.day : null);
    if ('policy' in read) client.ai.save(read.policy);
  };

  return (
    <SettingForm
      setting={report}
      wrong={wrongDay === null ? null : words.value.hoursRefused(weekdays()[wrongDay] ?? '')}
      onSubmit={submit}
    >
      {children}
      <AiFields
        fields={fields}
        wrongDay={wrongDay}
        change={(what) => {
          setEdited((before) => ({ ...before, ...what }));
          if (report.saving !== 'idle') client.ai.settle();
        }}
      />
    </SettingForm>
  );
}
