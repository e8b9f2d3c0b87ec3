// What the desk says of its agents, in English, and the type of all others.

import { isolated } from '../forms.ts';

export const agents = {
  agents: 'Agents',
  signOut: 'Sign out',
  changePassword: 'Change your password',
  roleAgent: 'Agent',
  roleSupervisor: 'Supervisor',
  roleOwner: 'Owner',
  roleAgentMay: 'Reads and answers all conversations.',
  roleSupervisorMay: 'Also sets when the AI answers, and keeps the peace.',
  roleOwnerMay: 'Also says who the agents are.',
  roleOf: (name: string) => `Role of ${isolated(name)}`,
  removeAgent: (name: string) => `Remove ${isolated(name)}`,
  removeSure: (name: string) => `Remove ${isolated(name)}? All sessions end at once.`,
  removeYes: 'Yes, remove',
  cancel: 'Cancel',
  inviteSomebody: 'Invite somebody',
  email: 'Email',
  role: 'Role',
  makeLink: 'Create a link',
  linkFor: (email: string) => `The link for ${isolated(email)} works once, for seven days. It is shown only here.`,
  invitationLink: 'Invitation link',
  copyLink: 'Copy the link',
  copied: 'Copied',
  openInvitations: 'Open invitations',
  withdraw: (email: string) => `Withdraw the invitation of ${isolated(email)}`,
  agentsFailed: 'The list of agents did not load',
  lastOwner: 'Somebody must be the owner. Make somebody else one first.',
  agentExists: 'There is an agent of this email already.',
  agentsFull: 'There are as many agents and invitations as there may be.',
  emailRefused: 'Enter an email address.',
  notChanged: 'That did not work just now. Try again in a moment.',
};

export type AgentsWords = typeof agents;
