// What the desk says of its agents, in Spanish.

import { isolated } from '../forms.ts';
import type { AgentsWords } from './en.ts';

export const agents: AgentsWords = {
  agents: 'Equipo',
  signOut: 'Cerrar sesión',
  changePassword: 'Cambiar la contraseña',
  roleAgent: 'Agente',
  roleSupervisor: 'Responsable',
  roleOwner: 'Propietario',
  roleAgentMay: 'Lee y responde todas las conversaciones.',
  roleSupervisorMay: 'También decide cuándo responde la IA y mantiene el orden.',
  roleOwnerMay: 'También decide quiénes forman el equipo.',
  roleOf: (name) => `Función de ${isolated(name)}`,
  removeAgent: (name) => `Quitar a ${isolated(name)}`,
  removeSure: (name) => `¿Quitar a ${isolated(name)}? Todas sus sesiones terminan al instante.`,
  removeYes: 'Sí, quitar',
  cancel: 'Cancelar',
  inviteSomebody: 'Invitar a alguien',
  email: 'Correo electrónico',
  role: 'Función',
  makeLink: 'Crear un enlace',
  linkFor: (email) => `El enlace para ${isolated(email)} sirve una vez, durante siete días. Solo se muestra aquí.`,
  invitationLink: 'Enlace de invitación',
  copyLink: 'Copiar el enlace',
  copied: 'Copiado',
  openInvitations: 'Invitaciones abiertas',
  withdraw: (email) => `Retirar la invitación de ${isolated(email)}`,
  agentsFailed: 'La lista del equipo no se cargó',
  lastOwner: 'Alguien debe ser propietario. Nombre antes a otra persona.',
  agentExists: 'Ya hay un agente con este correo.',
  agentsFull: 'No caben más agentes ni invitaciones.',
  emailRefused: 'Escriba una dirección de correo.',
  notChanged: 'No ha funcionado en este momento. Inténtelo de nuevo enseguida.',
};
