// 日本語。

import { isolated, listing } from '../forms.ts';
import type { ModerationWords } from './en.ts';

const listed = listing('ja');

export const moderation: ModerationWords = {
  flagged: '要確認',
  showFlagged: '確認待ちの会話を表示',
  nothingFlagged: '確認待ちはありません',
  allReviewed: '要確認のメッセージはすべて確認済みです。',
  toReview: '確認待ち',
  flaggedForWords: (found) => `要確認：${listed(found.map((word) => `「${word}」`))}`,
  flaggedBecause: (why) => `要確認：${isolated(why)}`,
  reviewedBy: (name) => `${isolated(name)} さんが確認しました`,
  markReviewed: '確認済みにする',
  wordLists: '単語リスト',
  wordListsFailed: '単語リストを読み込めませんでした',
  wordListsHelp:
    '1 行に 1 つの単語または語句。訪問者が書いた文の中で、大文字小文字やアクセントを区別せずに単語として探します。',
  refusedWords: '拒否',
  refusedWordsHelp: 'メッセージは受け付けられず、訪問者に知らされます。',
  maskedWords: '伏せ字',
  maskedWordsHelp: '誰が見ても、その単語はアスタリスクになります。',
  flaggedWords: '要確認',
  flaggedWordsHelp: 'メッセージは確認待ちになります。訪問者には知らされません。',
};
