// What an agent can do about the AI, each with its key; a part of the one list.

import type { AgentView } from '../client/agent.ts';
import { words } from '../words/index.ts';
import { type Action, overlay } from './actions.ts';
import { agent, show } from './agent-state.ts';
import { supervises } from './own-login.ts';

const here = ({ open }: AgentView) => open?.conversation.ai;

/** What the open conversation has of it. */
const act = () => agent.peek()?.current?.ai;

export const AI_ACTIONS: readonly Action[] = [
  {
    id: 'waiting',
    key: 'w',
    title: () => words.value.showWaiting,
    idle: ({ inbox }) => inbox.filter === 'waiting',
    run: () => show('waiting'),
  },
  {
    id: 'take-over',
    key: 't',
    title: () => words.value.takeOver,
    idle: (now) => here(now)?.attending !== 'ai' || here(now)?.suggests === true,
    run: () => act()?.takeOver(),
  },
  {
    id: 'hand-back',
    key: 'h',
    title: () => words.value.handBack,
    idle: (now) => here(now)?.attending !== 'agents' || here(now)?.suggests === true,
    run: () => act()?.handBack(),
  },
  {
    id: 'stop-ai',
    key: 'x',
    title: () => words.value.stopAi,
    idle: (now) => !here(now)?.draft,
    run: () => act()?.stop(),
  },
  {
    id: 'edit-suggestion',
    key: 'v',
    title: () => words.value.editSuggestion,
    idle: (now) => !here(now)?.suggestion,
    run: () => document.querySelector<HTMLElement>('.suggestion-edit')?.click(),
  },
  {
    id: 'ai-settings',
    key: 'i',
    title: () => words.value.aiSettings,
    absent: () => !supervises(),
    run: () => {
      overlay.value = 'ai';
    },
  },
];
