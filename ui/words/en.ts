// English: the language that is always there, and the type of all others.

import { ai } from './ai/en.ts';
import { aiDesk } from './ai-desk/en.ts';
import { counting, isolated } from './forms.ts';

const count = counting('en');

export const words = {
  ...ai,
  ...aiDesk,

  // Both pages: who is there, the connection.
  support: 'Support',
  pleaseSignIn: 'Please sign in',
  signInHere: 'Sign in to this site, then come back to this page.',
  haveSignedIn: 'I have signed in',
  noAnswer: 'The server does not answer',
  tryingAgain: 'Trying again by itself. There is nothing you need to do.',
  offline: 'You are offline. Messages go out when you are back.',
  reconnecting: 'Reconnecting…',
  connecting: 'Connecting…',
  reload: 'Reload',
  signInAgain: 'Please sign in again.',
  noAccess: 'You have no access to this chat.',
  serverClosed: (why: string) => `The server closed the chat (${why}).`,

  // The conversation.
  conversation: 'Conversation',
  messages: 'Messages',
  message: 'Message',
  send: 'Send',
  retry: 'Retry',
  remove: 'Delete',
  you: 'You',
  assistant: 'Assistant',
  ai: 'AI',
  youSaid: 'You said:',
  somebodySaid: (name: string) => `${isolated(name)} said:`,
  sending: 'Sending',
  sent: 'Sent',
  seen: 'Seen',
  tooLong: 'Too long to send.',
  notAllowed: 'Not allowed here.',
  notSent: 'Not sent.',
  newMessages: (n: number) => count(n, { one: '# new message', other: '# new messages' }),
  toLatest: 'Go to the latest message',
  loadingEarlier: 'Loading earlier messages…',
  earlierFailed: 'Earlier messages did not load.',
  isTyping: (name: string) => `${isolated(name)} is typing`,
  heldBack: (seconds: number) => count(seconds, { other: 'The server asked for a pause. Sending again in # s.' }),

  // The visitor's page.
  supportChat: 'Support chat',
  hello: 'Hello.',
  howCanWeHelp: 'How can we help?',
  askAway: 'Ask a question, report a problem or just tell us what you think.',
  writeToUs: 'Write to us',
  yourEmail: 'Your email',
  emailWhy: 'It tells us who is writing, and brings you back to your messages.',
  emailRefused: 'Enter an email address such as ann@example.com.',
  closeChat: 'Close the chat',
  startChatting: 'Start chatting',
  notYou: 'Not you?',
  writeMessage: 'Write a message…',
  writeBelow: 'Write your question below. You may leave: the answer will be here when you come back.',
  beginning: 'This is the beginning of your conversation. It stays here when you leave.',
  youAreAgent: 'You are signed in as an agent',
  deskElsewhere: 'Visitors chat on this page. Your conversations are at the desk.',
  openDesk: 'Open the desk',

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
  aColleague: 'A colleague',
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

export type Words = typeof words;
