// Inviting somebody: an email and a role become a link, which is shown once.

import { useState } from 'preact/hooks';
import type { Role } from '../client/login.ts';
import { words } from '../words/index.ts';
import { ask, objection, RoleSelect } from './agents.tsx';

interface Made {
  email: string;
  link: string;
}

export function Invite({ changed }: { changed(): Promise<void> }) {
  const said = words.value;
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('agent');
  const [trouble, setTrouble] = useState('');
  const [made, setMade] = useState<Made | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    setTrouble('');
    setMade(null);
    const { value, refusal } = await ask<{ token: string }>('api/invitations', { email, agent_role: role });
    if (refusal !== null) {
      setTrouble(objection(refusal.code));
      return;
    }
    const link = new URL(`login#join=${value.token}`, document.baseURI);
    setMade({ email: email.trim(), link: link.href });
    setEmail('');
    await changed();
  };
  const explained = { agent: said.roleAgentMay, supervisor: said.roleSupervisorMay, owner: said.roleOwnerMay };

  return (
    <form class="agents-invite" aria-labelledby="invite-title" noValidate onSubmit={submit}>
      <h3 id="invite-title">{said.inviteSomebody}</h3>
      <div class="agents-fields">
        <div class="labelled">
          <label for="invite-email">{said.email}</label>
          <input
            id="invite-email"
            class="field"
            type="email"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={email}
            aria-invalid={trouble !== ''}
            aria-describedby="invite-trouble"
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </div>
        <div class="labelled">
          <label for="invite-role">{said.role}</label>
          <RoleSelect id="invite-role" role={role} changed={setRole} />
        </div>
        <button type="submit" class="button">
          {said.makeLink}
        </button>
      </div>
      <p class="field-hint">{explained[role]}</p>
      <p id="invite-trouble" class="ai-trouble" role="alert">
        {trouble}
      </p>
      {made !== null && <Link made={made} />}
    </form>
  );
}

function Link({ made }: { made: Made }) {
  const said = words.value;
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(made.link);
      setCopied(true);
    } catch {
      // Not allowed here: it stands in the field, to be copied by hand.
      document.getElementById('invite-link')?.focus();
    }
  };
  return (
    <div class="agents-link" role="status">
      <p>{said.linkFor(made.email)}</p>
      <div class="agents-fields">
        <input
          id="invite-link"
          class="field"
          dir="ltr"
          readOnly
          aria-label={said.invitationLink}
          value={made.link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button button-quiet" onClick={() => void copy()}>
          {copied ? said.copied : said.copyLink}
        </button>
      </div>
    </div>
  );
}
