// English, of what both pages say: the language that is always there, and the type of all others.

import { counting, isolated } from '../forms.ts';

const count = counting('en');

export const words = {
  // Both pages: who is there, the connection.
  support: 'Support',
  pleaseSignIn: 'Please sign in',
  signInHere: 'Sign in to this site, then come back to this page.',
  haveSignedIn: 'I have signed in',
  noAnswer: 'The server does not answer',
  tryingAgain: 'Trying again by itself. You need do nothing.',
  offline: 'You are offline. Messages go out when you are back.',
  reconnecting: 'Reconnecting…',
  connecting: 'Connecting…',
  reload: 'Reload',
  signInAgain: 'Please sign in again.',
  noAccess: 'You have no access to this chat.',
  barred: 'You can no longer write here.',
  appeal: 'If this is a mistake, write to the operator of this site.',
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
  sending: 'Sending',
  sent: 'Sent',
  seen: 'Seen',
  tooLong: 'Too long to send.',
  wordsRefused: 'Some words are not allowed here.',
  notAllowed: 'Not allowed here.',
  notSent: 'Not sent.',
  newMessages: (n: number) => count(n, { one: '# new message', other: '# new messages' }),
  unreadMessages: (n: number) => count(n, { one: '# unread message', other: '# unread messages' }),
  manyUnread: 'More than 99 unread messages',
  toLatest: 'Go to the latest message',
  loadingEarlier: 'Loading earlier messages…',
  earlierFailed: 'Earlier messages did not load.',
  isTyping: (name: string) => `${isolated(name)} is typing`,
  heldBack: (seconds: number) => count(seconds, { other: 'The server asked for a pause. Sending again in # s.' }),

  // The visitor's page.
  supportChat: 'Support chat',
  hello: 'Hello.',
  howCanWeHelp: 'How can we help?',
  askAway: 'Ask a question, report a problem or tell us what you think.',
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
};

export type SharedWords = typeof words;
