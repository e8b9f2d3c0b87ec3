// The words of the login's page, in the language of the page.

import { signal } from '@preact/signals';
import { choose, locale } from './index.ts';
import type { LoginWords } from './login/en.ts';
import { login as english } from './login/en.ts';

export const loginWords = signal<LoginWords>(english);

const files: Partial<Record<string, () => Promise<{ login: LoginWords }>>> = {
  ar: () => import('./login/ar.ts'),
  de: () => import('./login/de.ts'),
  'en-XA': () => import('./login/pseudo.ts'),
  es: () => import('./login/es.ts'),
  fr: () => import('./login/fr.ts'),
  ja: () => import('./login/ja.ts'),
  pt: () => import('./login/pt.ts'),
};

/** Resolves when they are there. What cannot be loaded is said in English. */
export async function speakLogin(): Promise<void> {
  try {
    const found = await files[choose([locale.value]).language]?.();
    if (found) loginWords.value = found.login;
  } catch {
    // English, then.
  }
}
