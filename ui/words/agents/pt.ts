// What the desk says of its agents, in Portuguese.

import { isolated } from '../forms.ts';
import type { AgentsWords } from './en.ts';

export const agents: AgentsWords = {
  agents: 'Equipe',
  signOut: 'Sair',
  changePassword: 'Alterar a senha',
  roleAgent: 'Agente',
  roleSupervisor: 'Responsável',
  roleOwner: 'Proprietário',
  roleAgentMay: 'Lê e responde todas as conversas.',
  roleSupervisorMay: 'Também decide quando a IA responde e mantém a ordem.',
  roleOwnerMay: 'Também decide quem faz parte da equipe.',
  roleOf: (name) => `Função de ${isolated(name)}`,
  removeAgent: (name) => `Remover ${isolated(name)}`,
  removeSure: (name) => `Remover ${isolated(name)}? Todas as sessões terminam na hora.`,
  removeYes: 'Sim, remover',
  cancel: 'Cancelar',
  inviteSomebody: 'Convidar alguém',
  email: 'E-mail',
  role: 'Função',
  makeLink: 'Criar um link',
  linkFor: (email) => `O link para ${isolated(email)} vale uma vez, por sete dias. Ele só é mostrado aqui.`,
  invitationLink: 'Link do convite',
  copyLink: 'Copiar o link',
  copied: 'Copiado',
  openInvitations: 'Convites em aberto',
  withdraw: (email) => `Retirar o convite de ${isolated(email)}`,
  agentsFailed: 'A lista da equipe não carregou',
  lastOwner: 'Alguém precisa ser proprietário. Nomeie outra pessoa antes.',
  agentExists: 'Já existe um agente com este e-mail.',
  agentsFull: 'Não cabem mais agentes nem convites.',
  emailRefused: 'Escreva um endereço de e-mail.',
  notChanged: 'Não funcionou agora. Tente de novo em instantes.',
};
