// Deutsch.

import { isolated } from '../forms.ts';
import type { BanWords } from './en.ts';

export const ban: BanWords = {
  banned: 'Gesperrt',
  bannedUntil: (time) => `Gesperrt bis ${time}`,
  banVisitor: 'Sperren …',
  liftBan: 'Sperre aufheben',
  banReason: 'Grund, nur für das Team',
  banHowLong: 'Für wie lange',
  banHour: 'Eine Stunde',
  banDay: 'Ein Tag',
  banWeek: 'Eine Woche',
  banForever: 'Bis sie aufgehoben wird',
  banAddress: 'Auch alle unter derselben Adresse',
  banNow: 'Besucher sperren',
  banNot: 'Nicht sperren',
  bannedBy: (name) => `${isolated(name)} hat den Besucher gesperrt`,
  bannedBecause: (name, reason) => `${isolated(name)} hat den Besucher gesperrt: ${isolated(reason)}`,
  unbannedBy: (name) => `${isolated(name)} hat die Sperre aufgehoben`,
};
