// العربية.

import { isolated } from '../forms.ts';
import type { BanWords } from './en.ts';

export const ban: BanWords = {
  banned: 'محظور',
  bannedUntil: (time) => `محظور حتى ${time}`,
  banVisitor: 'حظر…',
  liftBan: 'رفع الحظر',
  banReason: 'السبب، لفريق الدعم فقط',
  banHowLong: 'المدة',
  banHour: 'ساعة',
  banDay: 'يوم',
  banWeek: 'أسبوع',
  banForever: 'حتى يُرفع',
  banAddress: 'وكل من يكتب من العنوان نفسه',
  banNow: 'حظر الزائر',
  banNot: 'عدم الحظر',
  bannedBy: (name) => `حظر ${isolated(name)} الزائر`,
  bannedBecause: (name, reason) => `حظر ${isolated(name)} الزائر: ${isolated(reason)}`,
  unbannedBy: (name) => `رفع ${isolated(name)} الحظر`,
};
