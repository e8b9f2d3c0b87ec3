// Português.

import { isolated } from '../forms.ts';
import type { BanWords } from './en.ts';

export const ban: BanWords = {
  banned: 'Bloqueado',
  bannedUntil: (time) => `Bloqueado até ${time}`,
  banVisitor: 'Bloquear…',
  liftBan: 'Remover o bloqueio',
  banReason: 'Motivo, só para a equipe',
  banHowLong: 'Por quanto tempo',
  banHour: 'Uma hora',
  banDay: 'Um dia',
  banWeek: 'Uma semana',
  banForever: 'Até ser removido',
  banAddress: 'Também todos no mesmo endereço',
  banNow: 'Bloquear o visitante',
  banNot: 'Não bloquear',
  bannedBy: (name) => `${isolated(name)} bloqueou o visitante`,
  bannedBecause: (name, reason) => `${isolated(name)} bloqueou o visitante: ${isolated(reason)}`,
  unbannedBy: (name) => `${isolated(name)} removeu o bloqueio`,
};
