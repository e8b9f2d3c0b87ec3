// The language of the page: chosen once from what the page was asked for and what the browser prefers, one chunk each,
// English built in. Components read `words.value`. What both pages say is in `shared/`; the desk adds its own.

import { type Signal, signal } from '@preact/signals';
import type { DeskWords } from './en.ts';
import { type SharedWords, words as sharedEnglish } from './shared/en.ts';

/** `en-XA` is the pseudo-locale: English in brackets, which shows what has escaped translation. */
const LANGUAGES = ['ar', 'de', 'en', 'en-XA', 'es', 'fr', 'ja', 'pt'] as const;

type Language = (typeof LANGUAGES)[number];
export type Files<All> = Record<Exclude<Language, 'en'>, () => Promise<{ words: Partial<All> }>>;

let english = sharedEnglish;
const files: Files<SharedWords> = {
  ar: () => import('./shared/ar.ts'),
  de: () => import('./shared/de.ts'),
  'en-XA': () => import('./shared/pseudo.ts'),
  es: () => import('./shared/es.ts'),
  fr: () => import('./shared/fr.ts'),
  ja: () => import('./shared/ja.ts'),
  pt: () => import('./shared/pt.ts'),
};
let desk: Files<DeskWords> | null = null;

const RIGHT_TO_LEFT = ['ar'];

/** What both pages say. */
export const shared = signal<SharedWords>(english);
/** And the desk, once it has brought its files. */
export const words = shared as Signal<SharedWords & DeskWords>;
/** For `Intl`: the language of the words with the reader's region. */
export const locale = signal('en');

/** For the desk, which says more. */
export function alsoSay(moreEnglish: DeskWords, moreFiles: Files<DeskWords>): void {
  english = { ...sharedEnglish, ...moreEnglish };
  desk = moreFiles;
  shared.value = english;
}

export interface Choice {
  /** Which message file. */
  language: Language;
  /** The tag that was asked for, in canonical form. */
  tag: string;
}

/** The first of the wishes that we speak. */
export function choose(wishes: readonly (string | null | undefined)[]): Choice {
  for (const wish of wishes) {
    const tag = canonical(wish);
    if (tag === null) continue;
    const [language] = LANGUAGES.filter((known) => known === tag || known === tag.split('-')[0]).slice(-1);
    if (language) return { language, tag };
  }
  return { language: 'en', tag: 'en' };
}

function canonical(tag: string | null | undefined): string | null {
  try {
    // Some write de_AT.
    return Intl.getCanonicalLocales((tag ?? '').replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

/** Loads the language and turns the page to it. What cannot be loaded, or lacks a text, is said in English. */
export async function speak(wishes: readonly (string | null | undefined)[]): Promise<void> {
  const { language, tag } = choose(wishes);
  let spoken = language;
  let found: Partial<SharedWords> = {};
  try {
    if (language !== 'en') {
      const [both, more] = await Promise.all([files[language](), desk?.[language]()]);
      found = { ...both.words, ...more?.words };
    }
  } catch {
    spoken = 'en';
  }
  shared.value = { ...english, ...found };
  locale.value = spoken === language ? tag : spoken;
  document.documentElement.lang = locale.value;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(spoken) ? 'rtl' : 'ltr';
}

let preferred: string | undefined;

/** What the host has chosen. */
export function prefer(tag: string | undefined): void {
  preferred = tag;
}

/** What the host has chosen, who heard what the address asks for; that, as long as he has not said; what the browser prefers. */
export function pageWishes(): (string | null | undefined)[] {
  return [preferred, new URLSearchParams(location.search).get('lang'), ...navigator.languages];
}
