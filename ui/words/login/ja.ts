// What the page of the login says, in Japanese.

import { counting, isolated } from '../forms.ts';
import type { LoginWords } from './en.ts';

const count = counting('ja');

export const login: LoginWords = {
  signIn: 'サインイン',
  forTheTeam: 'このサイトの訪問者に対応する担当者用です。',
  email: 'メールアドレス',
  password: 'パスワード',
  name: '名前',
  nameWhy: '訪問者と同僚に表示されます。',
  passwordWhy: '15文字以上。互いに関係のない4～5語なら覚えやすくなります。',
  setUpTitle: 'デスクの初期設定',
  setUpWhy: '最初のオーナーとなり、ほかの人を招待できます。',
  setUp: 'アカウントを作成',
  joinTitle: 'チームに参加',
  joinAs: (email) => `${isolated(email)} 宛ての招待です。`,
  join: '参加する',
  wrong: 'メールアドレスまたはパスワードが正しくありません。',
  locked: (seconds) => count(seconds, { other: '試行回数が多すぎます。#秒後にもう一度お試しください。' }),
  tooShort: 'パスワードが15文字未満です。',
  tooLong: 'パスワードが長すぎます。',
  guessable: '推測されやすいパスワードです。ほかの言葉にしてください。',
  emailRefused: 'メールアドレスを入力してください。',
  nameRefused: '100文字以内の名前を入力してください。',
  changePassword: 'パスワードの変更',
  changeWhy: 'ほかのすべてのブラウザからサインアウトされます。',
  currentPassword: '現在のパスワード',
  newPassword: '新しいパスワード',
  change: 'パスワードを変更する',
  notCurrent: '現在のパスワードと一致しません。',
  backToDesk: 'デスクに戻る',
  linkVoid: 'このリンクは無効です',
  linkVoidWhy: '使用済み、取り消し済み、または期限切れです。新しいリンクを依頼してください。',
  toSignIn: 'サインインへ',
  notNow: '現在処理できません。少し待ってからもう一度お試しください。',
  needsTls: 'このページにはhttpsが必要です',
  needsTlsWhy:
    'httpsでないページのサインインはブラウザに保存されません。httpsで開くか、サーバー自身では127.0.0.1で開いてください。',
};
