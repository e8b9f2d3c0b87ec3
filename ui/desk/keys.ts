// Keys of the desk: j and k walk the inbox, r goes to the reply, Esc leaves it and then the conversation.

import { useEffect, useRef } from 'preact/hooks';
import type { AgentView } from '../client/agent.ts';
import { closeConversation, openConversation } from './agent-state.ts';

export function useKeys(view: AgentView): void {
  const latest = useRef(view);
  latest.current = view;
  useEffect(() => {
    const keyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const { target } = event;
      const writing = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
      if (event.key === 'Escape') {
        if (writing) target.blur();
        else closeConversation();
        return;
      }
      if (writing) return;
      if (event.key === 'j') step(latest.current, 1);
      else if (event.key === 'k') step(latest.current, -1);
      else if (event.key === 'r') document.querySelector<HTMLElement>('.composer-field')?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', keyDown);
    return () => document.removeEventListener('keydown', keyDown);
  }, []);
}

function step(view: AgentView, by: 1 | -1): void {
  const { rows } = view.inbox;
  const at = rows.findIndex((row) => row.email === view.open?.email);
  const next = rows[at < 0 ? 0 : at + by];
  if (next) openConversation(next.email);
}
