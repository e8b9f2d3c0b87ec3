// What the desk says beyond what both pages say. Importing this is what makes `words` say it.

import { words as english } from './en.ts';
import { alsoSay } from './index.ts';

alsoSay(english, {
  ar: () => import('./ar.ts'),
  de: () => import('./de.ts'),
  'en-XA': () => import('./pseudo.ts'),
  es: () => import('./es.ts'),
  fr: () => import('./fr.ts'),
  ja: () => import('./ja.ts'),
  pt: () => import('./pt.ts'),
});
