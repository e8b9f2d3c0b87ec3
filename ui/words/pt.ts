// Português.

import { agents } from './agents/pt.ts';
import { ai } from './ai/pt.ts';
import { aiDesk } from './ai-desk/pt.ts';
import { ban } from './ban/pt.ts';
import type { DeskWords } from './en.ts';
import { counting, isolated, listing } from './forms.ts';
import { moderation } from './moderation/pt.ts';

const count = counting('pt');
const listed = listing('pt');

export const words: DeskWords = {
  ...ai,
  ...aiDesk,
  ...ban,
  ...moderation,
  ...agents,

  inbox: 'Entrada',
  conversations: 'Conversas',
  unreadCount: (n) => count(n, { one: '# não lida', other: '# não lidas' }),
  exactly: (n) => count(n, { other: '#' }),
  moreThan: (n) => count(n, { other: '#+' }),
  inboxFailed: 'A caixa de entrada não foi carregada',
  noConversations: 'Ainda não há conversas',
  firstMessageOpens: 'A primeira mensagem de um visitante abre uma.',
  nothingUnread: 'Nada por ler',
  allRead: 'Todas as mensagens daqui foram lidas.',
  loadingMore: 'Carregando mais…',
  showMore: 'Mostrar mais',
  noMessagesYet: 'Ainda não há mensagens',
  byAi: 'IA:',
  byYou: 'Você:',
  filter: 'Filtro',
  all: 'Todas',
  unread: 'Não lidas',

  search: 'Pesquisar mensagens',
  searching: 'Pesquisando…',
  searchFailed: 'A pesquisa não funcionou',
  nothingFound: 'Nada encontrado',
  tryOtherWords: 'Todas as palavras precisam aparecer; da última basta o começo.',
  results: 'Resultados da pesquisa',
  clearSearch: 'Limpar a pesquisa',

  conversationWith: (name) => `Conversa com ${isolated(name)}`,
  backToInbox: 'Voltar à caixa de entrada',
  conversationFailed: 'Esta conversa não foi carregada',
  nothingSaid: 'Nada foi dito ainda',
  yoursStartsIt: 'A sua mensagem inicia a conversa.',
  writeReply: 'Escreva uma resposta…',
  chooseConversation: 'Escolha uma conversa',
  allQuiet: 'Tudo tranquilo',
  appearsHere: 'Quando um visitante escrever, a conversa aparecerá na caixa de entrada.',
  forAgents: 'Esta página é para atendentes',
  youAreVisitor: 'Você entrou como visitante. O seu chat fica em outra página.',
  openChat: 'Abrir o chat',
  somebodySaid: (name) => `${isolated(name)} escreveu:`,
  aColleague: 'Alguém da equipe',
  alsoOpen: (names) => `Também aberta com ${listed(names)}`,
  colleagueTyping: (name) => `${isolated(name)} também está escrevendo uma resposta`,
  repliedMeanwhile: (name) => `${isolated(name)} respondeu enquanto você escrevia.`,
  dismiss: 'Dispensar',
  toMessage: 'Procurando a mensagem…',

  details: 'Detalhes',
  lastActive: 'Última atividade',
  waitingSince: 'Esperando desde',
  keys: 'Teclas',

  alertsOn: 'Ativar som e notificações',
  alertsOff: 'Desativar som e notificações',
  alertsBlocked: 'O navegador bloqueia as notificações deste site; o som está ativado.',
  newConversation: (name) => `Nova conversa com ${isolated(name)}`,

  commands: 'Comandos',
  findCommand: 'O que você quer fazer?',
  noCommand: 'Não existe esse comando',
  shortcuts: 'Atalhos de teclado',
  close: 'Fechar',
  nextConversation: 'Próxima conversa',
  previousConversation: 'Conversa anterior',
  reply: 'Responder',
  leave: 'Sair do campo e depois da conversa',
  showAll: 'Mostrar todas as conversas',
  showUnread: 'Mostrar só as conversas não lidas',
  showShortcuts: 'Mostrar os atalhos de teclado',
  openCommands: 'Abrir os comandos',
  keyControl: 'Ctrl',
  keyEscape: 'Esc',
};
