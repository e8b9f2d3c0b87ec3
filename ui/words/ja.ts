// 日本語。

import { agents } from './agents/ja.ts';
import { ai } from './ai/ja.ts';
import { aiDesk } from './ai-desk/ja.ts';
import { ban } from './ban/ja.ts';
import type { DeskWords } from './en.ts';
import { counting, isolated, listing } from './forms.ts';
import { moderation } from './moderation/ja.ts';

const count = counting('ja');
const listed = listing('ja');

export const words: DeskWords = {
  ...ai,
  ...aiDesk,
  ...ban,
  ...moderation,
  ...agents,

  inbox: '受信トレイ',
  conversations: '会話一覧',
  unreadCount: (n) => count(n, { other: '未読#件' }),
  exactly: (n) => count(n, { other: '#' }),
  moreThan: (n) => count(n, { other: '#+' }),
  inboxFailed: '受信トレイを読み込めませんでした',
  noConversations: 'まだ会話はありません',
  firstMessageOpens: '訪問者の最初のメッセージで会話が始まります。',
  nothingUnread: '未読はありません',
  allRead: 'すべてのメッセージが既読です。',
  loadingMore: '続きを読み込んでいます…',
  showMore: 'もっと見る',
  noMessagesYet: 'まだメッセージはありません',
  byAi: 'AI：',
  byYou: 'あなた：',
  filter: '絞り込み',
  all: 'すべて',
  unread: '未読',

  search: 'メッセージを検索',
  searching: '検索しています…',
  searchFailed: '検索できませんでした',
  nothingFound: '見つかりませんでした',
  tryOtherWords: 'すべての単語を含むメッセージを探します。最後の単語は先頭だけでも構いません。',
  results: '検索結果',
  clearSearch: '検索を消去',

  conversationWith: (name) => `${isolated(name)}さんとの会話`,
  backToInbox: '受信トレイに戻る',
  conversationFailed: 'この会話を読み込めませんでした',
  nothingSaid: 'まだ発言はありません',
  yoursStartsIt: 'メッセージを送ると会話が始まります。',
  writeReply: '返信を入力…',
  chooseConversation: '会話を選んでください',
  allQuiet: '新しい会話はありません',
  appearsHere: '訪問者が書き込むと、受信トレイに会話が表示されます。',
  forAgents: 'このページは担当者用です',
  youAreVisitor: '訪問者としてログインしています。あなたのチャットは別のページにあります。',
  openChat: 'チャットを開く',
  somebodySaid: (name) => `${isolated(name)}さんの発言：`,
  aColleague: '他の担当者',
  alsoOpen: (names) => `${listed(names)}さんも開いています`,
  colleagueTyping: (name) => `${isolated(name)}さんも返信を入力中`,
  repliedMeanwhile: (name) => `入力中に${isolated(name)}さんが返信しました。`,
  dismiss: '閉じる',
  toMessage: 'メッセージを探しています…',

  details: '詳細',
  lastActive: '最終アクティビティ',
  waitingSince: '返信待ち',
  keys: 'キー',

  alertsOn: '音と通知をオンにする',
  alertsOff: '音と通知をオフにする',
  alertsBlocked: 'このサイトの通知はブラウザでブロックされています。音はオンです。',
  newConversation: (name) => `${isolated(name)}さんとの新しい会話`,

  commands: 'コマンド',
  findCommand: '何をしますか？',
  noCommand: '該当するコマンドはありません',
  shortcuts: 'キーボードショートカット',
  close: '閉じる',
  nextConversation: '次の会話',
  previousConversation: '前の会話',
  reply: '返信',
  leave: '入力欄、次に会話から離れる',
  showAll: 'すべての会話を表示',
  showUnread: '未読の会話だけを表示',
  showShortcuts: 'キーボードショートカットを表示',
  openCommands: 'コマンドを開く',
  keyControl: 'Ctrl',
  keyEscape: 'Esc',
};
