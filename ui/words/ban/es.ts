// Español.

import { isolated } from '../forms.ts';
import type { BanWords } from './en.ts';

export const ban: BanWords = {
  banned: 'Bloqueado',
  bannedUntil: (time) => `Bloqueado hasta ${time}`,
  banVisitor: 'Bloquear…',
  liftBan: 'Quitar el bloqueo',
  banReason: 'Motivo, solo para el equipo',
  banHowLong: 'Por cuánto tiempo',
  banHour: 'Una hora',
  banDay: 'Un día',
  banWeek: 'Una semana',
  banForever: 'Hasta que se quite',
  banAddress: 'También a todos en la misma dirección',
  banNow: 'Bloquear al visitante',
  banNot: 'No bloquear',
  bannedBy: (name) => `${isolated(name)} bloqueó al visitante`,
  bannedBecause: (name, reason) => `${isolated(name)} bloqueó al visitante: ${isolated(reason)}`,
  unbannedBy: (name) => `${isolated(name)} quitó el bloqueo`,
};
