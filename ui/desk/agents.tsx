// Who the agents are: the list, invitations, roles. For owners.

import { useEffect, useState } from 'preact/hooks';
import { type Answer, askLogin, type Colleague, type Role, type Team } from '../client/login.ts';
import { Face } from '../parts/face.tsx';
import { Icon } from '../parts/icons.tsx';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { Invite } from './agents-invite.tsx';
import { Dialog } from './dialog.tsx';

const ROLES: readonly Role[] = ['agent', 'supervisor', 'owner'];

export function ask<T>(path: string, body?: object): Promise<Answer<T>> {
  return askLogin<T>(window.fetch.bind(window), document.baseURI, path, body);
}

/** What the server's word means to the owner. */
export function objection(code: string): string {
  const said = words.value;
  switch (code) {
    case 'last_owner':
      return said.lastOwner;
    case 'exists':
      return said.agentExists;
    case 'full':
      return said.agentsFull;
    case 'bad_request':
      return said.emailRefused;
    default:
      return said.notChanged;
  }
}

export function Agents() {
  const said = words.value;
  const [team, setTeam] = useState<Team | null>(null);
  const [failed, setFailed] = useState(false);
  const [trouble, setTrouble] = useState('');

  const load = async () => {
    setFailed(false);
    const { value } = await ask<Team>('api/agents');
    if (value === null) setFailed(true);
    else setTeam(value);
  };
  useEffect(() => void load(), []);

  const change = async (path: string, body: object) => {
    setTrouble('');
    const { refusal } = await ask(path, body);
    if (refusal !== null) setTrouble(objection(refusal.code));
    // Even so: what is shown may be out of date.
    await load();
  };
  const close = () => {
    if (overlay.value === 'agents') overlay.value = null;
  };

  return (
    <Dialog class="agents" label={said.agents} onClose={close}>
      <header class="shortcuts-head">
        <h2>{said.agents}</h2>
        <button type="button" class="icon-button" aria-label={said.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <div class="agents-scroller" tabIndex={0}>
        {failed && (
          <div class="ai-missing" role="status">
            <p>{said.agentsFailed}</p>
            <button type="button" class="button button-quiet" onClick={() => void load()}>
              {said.retry}
            </button>
          </div>
        )}
        {team !== null && (
          <>
            <p class="ai-trouble" role="alert">
              {trouble}
            </p>
            <ul class="agents-list" aria-label={said.agents}>
              {team.agents.map((one) => (
                <Row key={one.email} one={one} change={(body) => change('api/agents', body)} />
              ))}
            </ul>
            <Invite changed={load} />
            {team.invitations.length > 0 && (
              <section>
                <h3>{said.openInvitations}</h3>
                <ul class="agents-list" aria-label={said.openInvitations}>
                  {team.invitations.map(({ email, agent_role }) => (
                    <li key={email} class="agents-row">
                      <span class="agents-who">
                        <bdi>{email}</bdi>
                        <small>{roleName(agent_role)}</small>
                      </span>
                      <button
                        type="button"
                        class="icon-button"
                        aria-label={said.withdraw(email)}
                        title={said.withdraw(email)}
                        onClick={() => void change('api/invitations', { email, agent_role: null })}
                      >
                        <Icon name="close" />
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

export function roleName(role: Role): string {
  const { roleAgent, roleSupervisor, roleOwner } = words.value;
  return { agent: roleAgent, supervisor: roleSupervisor, owner: roleOwner }[role];
}

interface RoleSelectProps {
  role: Role;
  id?: string;
  label?: string;
  changed(role: Role): void;
}

export function RoleSelect({ role, id, label, changed }: RoleSelectProps) {
  return (
    <select
      id={id}
      class="field"
      aria-label={label}
      value={role}
      onChange={(event) => {
        const wanted = ROLES.find((known) => known === event.currentTarget.value);
        if (wanted) changed(wanted);
      }}
    >
      {ROLES.map((known) => (
        <option key={known} value={known}>
          {roleName(known)}
        </option>
      ))}
    </select>
  );
}

function Row({ one, change }: { one: Colleague; change(body: object): Promise<void> }) {
  const said = words.value;
  const [sure, setSure] = useState(false);
  const { email, name, agent_role: role } = one;
  if (sure) {
    return (
      <li class="agents-row agents-sure">
        <p role="status">{said.removeSure(name)}</p>
        <button type="button" class="button button-quiet" onClick={() => setSure(false)}>
          {said.cancel}
        </button>
        <button
          type="button"
          class="button button-danger"
          onClick={() => void change({ email, agent_role: null }).then(() => setSure(false))}
        >
          {said.removeYes}
        </button>
      </li>
    );
  }
  return (
    <li class="agents-row">
      <Face name={name} />
      <span class="agents-who">
        <strong dir="auto">{name}</strong>
        <small>
          <bdi>{email}</bdi>
          {one.you && ` · ${said.you}`}
        </small>
      </span>
      <RoleSelect
        key={role}
        role={role}
        label={said.roleOf(name)}
        changed={(wanted) => void change({ email, agent_role: wanted })}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={said.removeAgent(name)}
        title={said.removeAgent(name)}
        onClick={() => setSure(true)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
