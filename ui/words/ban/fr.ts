// Français.

import { isolated } from '../forms.ts';
import type { BanWords } from './en.ts';

export const ban: BanWords = {
  banned: 'Bloqué',
  bannedUntil: (time) => `Bloqué jusqu’au ${time}`,
  banVisitor: 'Bloquer…',
  liftBan: 'Lever le blocage',
  banReason: 'Motif, pour l’équipe seulement',
  banHowLong: 'Pour combien de temps',
  banHour: 'Une heure',
  banDay: 'Un jour',
  banWeek: 'Une semaine',
  banForever: 'Jusqu’à ce qu’il soit levé',
  banAddress: 'Ainsi que tous ceux à la même adresse',
  banNow: 'Bloquer le visiteur',
  banNot: 'Ne pas bloquer',
  bannedBy: (name) => `${isolated(name)} a bloqué le visiteur`,
  bannedBecause: (name, reason) => `${isolated(name)} a bloqué le visiteur : ${isolated(reason)}`,
  unbannedBy: (name) => `${isolated(name)} a levé le blocage`,
};
