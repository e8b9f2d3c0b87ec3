// What the launcher, and the panel as the launcher frames it, say: English here, other languages from the server. How many
// messages are unread the panel says, which knows.

import { en, type LauncherWords } from '../words/launcher.ts';

export interface Spoken {
  language: string;
  words: LauncherWords;
}

export const english: Spoken = { language: 'en', words: en };

/** The first of the wishes, or of a list of them, that we speak. */
export function languageOf(wishes: unknown): string {
  return /(?<![^,])(ar|de|en|es|fr|ja|pt)(?![a-z])/i.exec(`${wishes}`)?.[0].toLowerCase() ?? 'en';
}
