// What the desk says of bans, in English.

import { isolated } from '../forms.ts';

export const ban = {
  banned: 'Banned',
  bannedUntil: (time: string) => `Banned until ${time}`,
  banVisitor: 'Ban…',
  liftBan: 'Lift the ban',
  banReason: 'Reason, for agents alone',
  banHowLong: 'For how long',
  banHour: 'An hour',
  banDay: 'A day',
  banWeek: 'A week',
  banForever: 'Until it is lifted',
  banAddress: 'Also everyone at the same address',
  banNow: 'Ban the visitor',
  banNot: 'Do not ban',
  bannedBy: (name: string) => `${isolated(name)} banned the visitor`,
  bannedBecause: (name: string, reason: string) => `${isolated(name)} banned the visitor: ${isolated(reason)}`,
  unbannedBy: (name: string) => `${isolated(name)} lifted the ban`,
};

export type BanWords = typeof ban;
