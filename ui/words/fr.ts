// Français.

import { agents } from './agents/fr.ts';
import { ai } from './ai/fr.ts';
import { aiDesk } from './ai-desk/fr.ts';
import { ban } from './ban/fr.ts';
import type { DeskWords } from './en.ts';
import { counting, isolated, listing } from './forms.ts';
import { moderation } from './moderation/fr.ts';

const count = counting('fr');
const listed = listing('fr');

export const words: DeskWords = {
  ...ai,
  ...aiDesk,
  ...ban,
  ...moderation,
  ...agents,

  inbox: 'Réception',
  conversations: 'Conversations',
  unreadCount: (n) => count(n, { one: '# non lue', other: '# non lues' }),
  exactly: (n) => count(n, { other: '#' }),
  moreThan: (n) => count(n, { other: '#+' }),
  inboxFailed: 'La boîte de réception n’a pas été chargée',
  noConversations: 'Aucune conversation pour l’instant',
  firstMessageOpens: 'Le premier message d’un visiteur en ouvre une.',
  nothingUnread: 'Rien de non lu',
  allRead: 'Tous les messages ont été lus.',
  loadingMore: 'Chargement de la suite…',
  showMore: 'Afficher plus',
  noMessagesYet: 'Aucun message pour l’instant',
  byAi: 'IA :',
  byYou: 'Vous :',
  filter: 'Filtre',
  all: 'Toutes',
  unread: 'Non lues',

  search: 'Rechercher dans les messages',
  searching: 'Recherche…',
  searchFailed: 'La recherche n’a pas abouti',
  nothingFound: 'Aucun résultat',
  tryOtherWords: 'Tous les mots doivent figurer ; pour le dernier, le début suffit.',
  results: 'Résultats de la recherche',
  clearSearch: 'Effacer la recherche',

  conversationWith: (name) => `Conversation avec ${isolated(name)}`,
  backToInbox: 'Retour à la boîte de réception',
  conversationFailed: 'Cette conversation n’a pas été chargée',
  nothingSaid: 'Rien n’a encore été dit',
  yoursStartsIt: 'Votre message ouvre la conversation.',
  writeReply: 'Écrivez une réponse…',
  chooseConversation: 'Choisissez une conversation',
  allQuiet: 'Tout est calme',
  appearsHere: 'Quand un visiteur écrit, la conversation apparaît dans la boîte de réception.',
  forAgents: 'Cette page est réservée aux agents',
  youAreVisitor: 'Vous êtes connecté en tant que visiteur. Votre discussion est sur une autre page.',
  openChat: 'Ouvrir la discussion',
  somebodySaid: (name) => `${isolated(name)} a écrit :`,
  aColleague: 'Un membre de l’équipe',
  alsoOpen: (names) => `Aussi ouverte chez ${listed(names)}`,
  colleagueTyping: (name) => `${isolated(name)} écrit aussi une réponse`,
  repliedMeanwhile: (name) => `${isolated(name)} a répondu pendant que vous écriviez.`,
  dismiss: 'Ignorer',
  toMessage: 'Recherche du message…',

  details: 'Détails',
  lastActive: 'Dernière activité',
  waitingSince: 'En attente depuis',
  keys: 'Touches',

  alertsOn: 'Activer le son et les notifications',
  alertsOff: 'Désactiver le son et les notifications',
  alertsBlocked: 'Le navigateur bloque les notifications de ce site ; le son est activé.',
  newConversation: (name) => `Nouvelle conversation avec ${isolated(name)}`,

  commands: 'Commandes',
  findCommand: 'Que voulez-vous faire ?',
  noCommand: 'Aucune commande de ce nom',
  shortcuts: 'Raccourcis clavier',
  close: 'Fermer',
  nextConversation: 'Conversation suivante',
  previousConversation: 'Conversation précédente',
  reply: 'Répondre',
  leave: 'Quitter le champ, puis la conversation',
  showAll: 'Afficher toutes les conversations',
  showUnread: 'N’afficher que les conversations non lues',
  showShortcuts: 'Afficher les raccourcis clavier',
  openCommands: 'Ouvrir les commandes',
  keyControl: 'Ctrl',
  keyEscape: 'Échap',
};
