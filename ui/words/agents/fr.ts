// What the desk says of its agents, in French.

import { isolated } from '../forms.ts';
import type { AgentsWords } from './en.ts';

export const agents: AgentsWords = {
  agents: 'Équipe',
  signOut: 'Se déconnecter',
  changePassword: 'Changer de mot de passe',
  roleAgent: 'Membre',
  roleSupervisor: 'Responsable',
  roleOwner: 'Propriétaire',
  roleAgentMay: 'Lit toutes les conversations et y répond.',
  roleSupervisorMay: 'Décide aussi quand l’IA répond et veille au calme.',
  roleOwnerMay: 'Décide aussi qui fait partie de l’équipe.',
  roleOf: (name) => `Rôle de ${isolated(name)}`,
  removeAgent: (name) => `Retirer ${isolated(name)}`,
  removeSure: (name) => `Retirer ${isolated(name)} ? Toutes ses sessions se terminent aussitôt.`,
  removeYes: 'Oui, retirer',
  cancel: 'Annuler',
  inviteSomebody: 'Inviter quelqu’un',
  email: 'Adresse e-mail',
  role: 'Rôle',
  makeLink: 'Créer un lien',
  linkFor: (email) => `Le lien pour ${isolated(email)} sert une fois, pendant sept jours. Il n’est montré qu’ici.`,
  invitationLink: 'Lien d’invitation',
  copyLink: 'Copier le lien',
  copied: 'Copié',
  openInvitations: 'Invitations en cours',
  withdraw: (email) => `Retirer l’invitation de ${isolated(email)}`,
  agentsFailed: 'La liste de l’équipe n’a pas pu être chargée',
  lastOwner: 'Il faut un propriétaire. Nommez d’abord quelqu’un d’autre.',
  agentExists: 'Cette adresse fait déjà partie de l’équipe.',
  agentsFull: 'Il n’y a plus de place pour un membre ou une invitation.',
  emailRefused: 'Saisissez une adresse e-mail.',
  notChanged: 'Cela n’a pas fonctionné. Réessayez dans un instant.',
};
