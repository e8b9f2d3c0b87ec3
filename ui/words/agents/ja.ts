// What the desk says of its agents, in Japanese.

import { isolated } from '../forms.ts';
import type { AgentsWords } from './en.ts';

export const agents: AgentsWords = {
  agents: '担当者',
  signOut: 'サインアウト',
  changePassword: 'パスワードの変更',
  roleAgent: '一般',
  roleSupervisor: '管理者',
  roleOwner: 'オーナー',
  roleAgentMay: 'すべての会話を読み、返信できます。',
  roleSupervisorMay: 'さらに、AIが回答する条件を決め、迷惑行為に対処できます。',
  roleOwnerMay: 'さらに、担当者を決められます。',
  roleOf: (name) => `${isolated(name)} の役割`,
  removeAgent: (name) => `${isolated(name)} を削除`,
  removeSure: (name) => `${isolated(name)} を削除しますか？すべてのセッションがすぐに終了します。`,
  removeYes: '削除する',
  cancel: 'キャンセル',
  inviteSomebody: '招待する',
  email: 'メールアドレス',
  role: '役割',
  makeLink: 'リンクを作成',
  linkFor: (email) => `${isolated(email)} 用のリンクは7日間、1回だけ使えます。ここでしか表示されません。`,
  invitationLink: '招待リンク',
  copyLink: 'リンクをコピー',
  copied: 'コピーしました',
  openInvitations: '未使用の招待',
  withdraw: (email) => `${isolated(email)} への招待を取り消す`,
  agentsFailed: '担当者の一覧を読み込めませんでした',
  lastOwner: 'オーナーが1人は必要です。先にほかの人をオーナーにしてください。',
  agentExists: 'このメールアドレスの担当者はすでにいます。',
  agentsFull: '担当者と招待の数が上限に達しています。',
  emailRefused: 'メールアドレスを入力してください。',
  notChanged: '現在処理できません。少し待ってからもう一度お試しください。',
};
