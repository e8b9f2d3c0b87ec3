// What the desk says of its agents, in German.

import { isolated } from '../forms.ts';
import type { AgentsWords } from './en.ts';

export const agents: AgentsWords = {
  agents: 'Team',
  signOut: 'Abmelden',
  changePassword: 'Passwort ändern',
  roleAgent: 'Mitglied',
  roleSupervisor: 'Leitung',
  roleOwner: 'Inhaber',
  roleAgentMay: 'Liest und beantwortet alle Gespräche.',
  roleSupervisorMay: 'Legt auch fest, wann die KI antwortet, und sorgt für Frieden.',
  roleOwnerMay: 'Bestimmt auch, wer zum Team gehört.',
  roleOf: (name) => `Rolle von ${isolated(name)}`,
  removeAgent: (name) => `${isolated(name)} entfernen`,
  removeSure: (name) => `${isolated(name)} entfernen? Alle Sitzungen enden sofort.`,
  removeYes: 'Ja, entfernen',
  cancel: 'Abbrechen',
  inviteSomebody: 'Jemanden einladen',
  email: 'E-Mail-Adresse',
  role: 'Rolle',
  makeLink: 'Link erstellen',
  linkFor: (email) => `Der Link für ${isolated(email)} gilt einmal, sieben Tage lang. Er ist nur hier zu sehen.`,
  invitationLink: 'Einladungslink',
  copyLink: 'Link kopieren',
  copied: 'Kopiert',
  openInvitations: 'Offene Einladungen',
  withdraw: (email) => `Einladung von ${isolated(email)} zurückziehen`,
  agentsFailed: 'Die Liste des Teams wurde nicht geladen',
  lastOwner: 'Jemand muss Inhaber sein. Machen Sie zuerst jemand anderen dazu.',
  agentExists: 'Diese E-Mail-Adresse gehört schon zum Team.',
  agentsFull: 'Mehr Mitglieder und Einladungen sind nicht möglich.',
  emailRefused: 'Geben Sie eine E-Mail-Adresse ein.',
  notChanged: 'Das ging gerade nicht. Versuchen Sie es gleich noch einmal.',
};
