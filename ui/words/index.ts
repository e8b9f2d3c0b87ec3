// The language of the page: chosen once from what the page was asked for and what the browser prefers, one chunk each,
// English built in. Components read `words.value`.

import { signal } from '@preact/signals';
import { words as english, type Words } from './en.ts';

interface MessageFile {
  words: Partial<Words>;
}

/** `en-XA` is the pseudo-locale: English in brackets, which shows what has escaped translation. */
const files: Record<string, () => Promise<MessageFile>> = {
  ar: () => import('./ar.ts'),
  de: () => import('./de.ts'),
  'en-XA': () => import('./pseudo.ts'),
  es: () => import('./es.ts'),
  fr: () => import('./fr.ts'),
  ja: () => import('./ja.ts'),
  pt: () => import('./pt.ts'),
};

const RIGHT_TO_LEFT = ['ar'];

export const words = signal<Words>(english);
/** For `Intl`: the language of the words with the reader's region. */
export const locale = signal('en');

export interface Choice {
  /** Which message file. */
  language: string;
  /** The tag that was asked for, in canonical form. */
  tag: string;
}

/** The first of the wishes that we speak. */
export function choose(wishes: readonly (string | null | undefined)[]): Choice {
  for (const wish of wishes) {
    const tag = canonical(wish);
    if (tag === null) continue;
    const language = Object.hasOwn(files, tag) ? tag : (tag.split('-')[0] ?? '');
    if (language === 'en' || Object.hasOwn(files, language)) return { language, tag };
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
  const load = files[language];
  let spoken = language;
  let found: Partial<Words> = {};
  try {
    if (load) found = (await load()).words;
  } catch {
    spoken = 'en';
  }
  words.value = { ...english, ...found };
  locale.value = spoken === language ? tag : spoken;
  document.documentElement.lang = locale.value;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(spoken) ? 'rtl' : 'ltr';
}

/** What the address asks for, then what the browser prefers. */
export function pageWishes(): (string | null)[] {
  return [new URLSearchParams(location.search).get('lang'), ...navigator.languages];
}
