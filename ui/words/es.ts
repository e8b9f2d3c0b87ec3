// Español.

import { agents } from './agents/es.ts';
import { ai } from './ai/es.ts';
import { aiDesk } from './ai-desk/es.ts';
import { ban } from './ban/es.ts';
import type { DeskWords } from './en.ts';
import { counting, isolated, listing } from './forms.ts';
import { moderation } from './moderation/es.ts';

const count = counting('es');
const listed = listing('es');

export const words: DeskWords = {
  ...ai,
  ...aiDesk,
  ...ban,
  ...moderation,
  ...agents,

  inbox: 'Entrada',
  conversations: 'Conversaciones',
  unreadCount: (n) => count(n, { other: '# sin leer' }),
  exactly: (n) => count(n, { other: '#' }),
  moreThan: (n) => count(n, { other: '#+' }),
  inboxFailed: 'La bandeja no se ha cargado',
  noConversations: 'Aún no hay conversaciones',
  firstMessageOpens: 'El primer mensaje de un visitante abre una.',
  nothingUnread: 'Nada sin leer',
  allRead: 'Aquí se han leído todos los mensajes.',
  loadingMore: 'Cargando más…',
  showMore: 'Mostrar más',
  noMessagesYet: 'Aún no hay mensajes',
  byAi: 'IA:',
  byYou: 'Tú:',
  filter: 'Filtro',
  all: 'Todas',
  unread: 'Sin leer',

  search: 'Buscar mensajes',
  searching: 'Buscando…',
  searchFailed: 'La búsqueda no ha funcionado',
  nothingFound: 'No se ha encontrado nada',
  tryOtherWords: 'Deben aparecer todas las palabras; de la última basta el comienzo.',
  results: 'Resultados de la búsqueda',
  clearSearch: 'Borrar la búsqueda',

  conversationWith: (name) => `Conversación con ${isolated(name)}`,
  backToInbox: 'Volver a la bandeja',
  conversationFailed: 'Esta conversación no se ha cargado',
  nothingSaid: 'Aún no se ha dicho nada',
  yoursStartsIt: 'Tu mensaje inicia la conversación.',
  writeReply: 'Escribe una respuesta…',
  chooseConversation: 'Elige una conversación',
  allQuiet: 'Todo tranquilo',
  appearsHere: 'Cuando un visitante escriba, la conversación aparecerá en la bandeja.',
  forAgents: 'Esta página es para agentes',
  youAreVisitor: 'Has iniciado sesión como visitante. Tu chat está en otra página.',
  openChat: 'Abrir el chat',
  somebodySaid: (name) => `${isolated(name)} ha escrito:`,
  aColleague: 'Alguien del equipo',
  alsoOpen: (names) => `También la tiene abierta: ${listed(names)}`,
  colleagueTyping: (name) => `${isolated(name)} también está escribiendo una respuesta`,
  repliedMeanwhile: (name) => `${isolated(name)} ha respondido mientras escribías.`,
  dismiss: 'Descartar',
  toMessage: 'Buscando el mensaje…',

  details: 'Detalles',
  lastActive: 'Última actividad',
  waitingSince: 'Espera desde',
  keys: 'Teclas',

  alertsOn: 'Activar sonido y notificaciones',
  alertsOff: 'Desactivar sonido y notificaciones',
  alertsBlocked: 'El navegador bloquea las notificaciones de este sitio; el sonido está activado.',
  newConversation: (name) => `Nueva conversación con ${isolated(name)}`,

  commands: 'Comandos',
  findCommand: '¿Qué quieres hacer?',
  noCommand: 'No existe ese comando',
  shortcuts: 'Atajos de teclado',
  close: 'Cerrar',
  nextConversation: 'Conversación siguiente',
  previousConversation: 'Conversación anterior',
  reply: 'Responder',
  leave: 'Salir del campo y luego de la conversación',
  showAll: 'Mostrar todas las conversaciones',
  showUnread: 'Mostrar solo las conversaciones sin leer',
  showShortcuts: 'Mostrar los atajos de teclado',
  openCommands: 'Abrir los comandos',
  keyControl: 'Ctrl',
  keyEscape: 'Esc',
};
