// Deutsch.

import { agents } from './agents/de.ts';
import { ai } from './ai/de.ts';
import { aiDesk } from './ai-desk/de.ts';
import { ban } from './ban/de.ts';
import type { DeskWords } from './en.ts';
import { counting, isolated, listing } from './forms.ts';
import { moderation } from './moderation/de.ts';

const count = counting('de');
const listed = listing('de');

export const words: DeskWords = {
  ...ai,
  ...aiDesk,
  ...ban,
  ...moderation,
  ...agents,

  inbox: 'Posteingang',
  conversations: 'Unterhaltungen',
  unreadCount: (n) => count(n, { other: '# ungelesen' }),
  exactly: (n) => count(n, { other: '#' }),
  moreThan: (n) => count(n, { other: '#+' }),
  inboxFailed: 'Der Posteingang wurde nicht geladen',
  noConversations: 'Noch keine Unterhaltungen',
  firstMessageOpens: 'Die erste Nachricht eines Besuchers eröffnet eine.',
  nothingUnread: 'Nichts ungelesen',
  allRead: 'Hier ist jede Nachricht gelesen.',
  loadingMore: 'Weitere werden geladen…',
  showMore: 'Mehr anzeigen',
  noMessagesYet: 'Noch keine Nachrichten',
  byAi: 'KI:',
  byYou: 'Sie:',
  filter: 'Filter',
  all: 'Alle',
  unread: 'Ungelesen',

  search: 'Nachrichten durchsuchen',
  searching: 'Suche läuft…',
  searchFailed: 'Die Suche hat nicht funktioniert',
  nothingFound: 'Nichts gefunden',
  tryOtherWords: 'Jedes Wort muss vorkommen; beim letzten genügt der Anfang.',
  results: 'Suchergebnisse',
  clearSearch: 'Suche leeren',

  conversationWith: (name) => `Unterhaltung mit ${isolated(name)}`,
  backToInbox: 'Zurück zum Posteingang',
  conversationFailed: 'Diese Unterhaltung wurde nicht geladen',
  nothingSaid: 'Noch nichts geschrieben',
  yoursStartsIt: 'Ihre Nachricht eröffnet die Unterhaltung.',
  writeReply: 'Antwort schreiben…',
  chooseConversation: 'Wählen Sie eine Unterhaltung',
  allQuiet: 'Alles ruhig',
  appearsHere: 'Wenn ein Besucher schreibt, erscheint die Unterhaltung im Posteingang.',
  forAgents: 'Diese Seite ist für Mitarbeiter',
  youAreVisitor: 'Sie sind als Besucher angemeldet. Ihr eigener Chat ist eine Seite weiter.',
  openChat: 'Chat öffnen',
  somebodySaid: (name) => `${isolated(name)} schrieb:`,
  aColleague: 'Jemand aus dem Team',
  alsoOpen: (names) => `Auch bei ${listed(names)} geöffnet`,
  colleagueTyping: (name) => `${isolated(name)} schreibt gerade auch eine Antwort`,
  repliedMeanwhile: (name) => `${isolated(name)} hat geantwortet, während Sie geschrieben haben.`,
  dismiss: 'Ausblenden',
  toMessage: 'Die Nachricht wird gesucht…',

  details: 'Details',
  lastActive: 'Zuletzt aktiv',
  waitingSince: 'Wartet seit',
  keys: 'Tasten',

  alertsOn: 'Ton und Mitteilungen einschalten',
  alertsOff: 'Ton und Mitteilungen ausschalten',
  alertsBlocked: 'Der Browser blockiert Mitteilungen dieser Website; der Ton ist an.',
  newConversation: (name) => `Neue Unterhaltung mit ${isolated(name)}`,

  commands: 'Befehle',
  findCommand: 'Was möchten Sie tun?',
  noCommand: 'Kein solcher Befehl',
  shortcuts: 'Tastenkürzel',
  close: 'Schließen',
  nextConversation: 'Nächste Unterhaltung',
  previousConversation: 'Vorherige Unterhaltung',
  reply: 'Antworten',
  leave: 'Feld verlassen, dann die Unterhaltung',
  showAll: 'Alle Unterhaltungen zeigen',
  showUnread: 'Nur ungelesene Unterhaltungen zeigen',
  showShortcuts: 'Tastenkürzel zeigen',
  openCommands: 'Befehle öffnen',
  keyControl: 'Strg',
  keyEscape: 'Esc',
};
