// 日本語。

import { isolated } from '../forms.ts';
import type { BanWords } from './en.ts';

export const ban: BanWords = {
  banned: '利用停止中',
  bannedUntil: (time) => `${time} まで利用停止中`,
  banVisitor: '利用停止…',
  liftBan: '利用停止を解除',
  banReason: '理由（担当者だけに表示）',
  banHowLong: '期間',
  banHour: '1 時間',
  banDay: '1 日',
  banWeek: '1 週間',
  banForever: '解除するまで',
  banAddress: '同じアドレスの全員も対象にする',
  banNow: 'この訪問者を利用停止にする',
  banNot: '利用停止にしない',
  bannedBy: (name) => `${isolated(name)} さんが訪問者を利用停止にしました`,
  bannedBecause: (name, reason) => `${isolated(name)} さんが訪問者を利用停止にしました：${isolated(reason)}`,
  unbannedBy: (name) => `${isolated(name)} さんが利用停止を解除しました`,
};
