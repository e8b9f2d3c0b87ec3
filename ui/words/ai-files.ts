// Follows the language of the page, for a page whose own words do not hold those of the AI.

import { effect } from '@preact/signals';
import type { AiWords } from './ai/en.ts';
import { ai as english } from './ai/en.ts';
import { aiWords } from './ai-words.ts';
import { choose, locale } from './index.ts';

const files: Partial<Record<string, () => Promise<{ ai: AiWords }>>> = {
  ar: () => import('./ai/ar.ts'),
  de: () => import('./ai/de.ts'),
  'en-XA': () => import('./ai/pseudo.ts'),
  es: () => import('./ai/es.ts'),
  fr: () => import('./ai/fr.ts'),
  ja: () => import('./ai/ja.ts'),
  pt: () => import('./ai/pt.ts'),
};

async function wordsOf(language: string): Promise<AiWords> {
  try {
    return (await files[language]?.())?.ai ?? english;
  } catch {
    return english;
  }
}

/** Resolves when the words are there in the present language. */
export function followLanguage(): Promise<void> {
  return new Promise((settle) => {
    effect(() => {
      const tag = locale.value;
      void wordsOf(choose([tag]).language).then((found) => {
        if (tag === locale.peek()) aiWords.value = found;
        settle();
      });
    });
  });
}
