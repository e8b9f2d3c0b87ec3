// English, of what the desk alone says, and the type of all others. What both pages say is in shared/.

import { agents } from './agents/en.ts';
import { ai } from './ai/en.ts';
import { aiDesk } from './ai-desk/en.ts';
import { ban } from './ban/en.ts';
import { counting, isolated, listing } from './forms.ts';
import { moderation } from './moderation/en.ts';

const count = counting('en');
const listed = listing('en');

export const words = {
  ...ai,
  ...aiDesk,
  ...ban,
  ...moderation,
  ...agents,

  // The desk: the list.
  inbox: 'Inbox',
  conversations: 'Conversations',
  unreadCount: (n: number) => count(n, { other: '# unread' }),
  exactly: (n: number) => count(n, { other: '#' }),
  moreThan: (n: number) => count(n, { other: '#+' }),
  inboxFailed: 'The inbox did not load',
  noConversations: 'No conversations yet',
  firstMessageOpens: 'The first message of a visitor opens one.',
  nothingUnread: 'Nothing unread',
  allRead: 'Every message here has been read.',
  loadingMore: 'Loading more…',
  showMore: 'Show more',
  noMessagesYet: 'No messages yet',
  byAi: 'AI:',
  byYou: 'You:',
  filter: 'Filter',
  all: 'All',
  unread: 'Unread',

  // The desk: search.
  search: 'Search messages',
  searching: 'Searching…',
  searchFailed: 'The search did not work',
  nothingFound: 'Nothing found',
  tryOtherWords: 'Every word has to occur; the last one may be its beginning.',
  results: 'Search results',
  clearSearch: 'Clear the search',

  // The desk: the open conversation.
  conversationWith: (name: string) => `Conversation with ${isolated(name)}`,
  backToInbox: 'Back to the inbox',
  conversationFailed: 'This conversation did not load',
  nothingSaid: 'Nothing said yet',
  yoursStartsIt: 'Your message starts the conversation.',
  writeReply: 'Write a reply…',
  chooseConversation: 'Choose a conversation',
  allQuiet: 'All quiet',
  appearsHere: 'When a visitor writes, the conversation appears in the inbox.',
  forAgents: 'This page is for agents',
  youAreVisitor: 'You are signed in as a visitor. Your own chat is one page away.',
  openChat: 'Open the chat',
  somebodySaid: (name: string) => `${isolated(name)} said:`,
  aColleague: 'A colleague',
  alsoOpen: (names: readonly string[]) => `Also open with ${listed(names)}`,
  colleagueTyping: (name: string) => `${isolated(name)} is writing a reply too`,
  repliedMeanwhile: (name: string) => `${isolated(name)} replied while you were writing.`,
  dismiss: 'Dismiss',
  toMessage: 'Looking for the message…',

  // The desk: details.
  details: 'Details',
  lastActive: 'Last active',
  waitingSince: 'Waiting since',
  keys: 'Keys',

  // The desk: alerts.
  alertsOn: 'Turn on sound and notifications',
  alertsOff: 'Turn off sound and notifications',
  alertsBlocked: 'The browser blocks notifications for this site; the sound is on.',
  newConversation: (name: string) => `New conversation with ${isolated(name)}`,

  // The desk: what can be done.
  commands: 'Commands',
  findCommand: 'What do you want to do?',
  noCommand: 'No such command',
  shortcuts: 'Keyboard shortcuts',
  close: 'Close',
  nextConversation: 'Next conversation',
  previousConversation: 'Previous conversation',
  reply: 'Reply',
  leave: 'Leave the field, then the conversation',
  showAll: 'Show all conversations',
  showUnread: 'Show unread conversations only',
  showShortcuts: 'Show keyboard shortcuts',
  openCommands: 'Open commands',
  keyControl: 'Ctrl',
  keyEscape: 'Esc',
};

export type DeskWords = typeof words;
