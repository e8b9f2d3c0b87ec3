// Parts of markdown-it that our subset does without, replaced in the build and, so that what is tested is what ships,
// in the unit tests.

import { fileURLToPath } from 'node:url';

const stub = (name: string) => fileURLToPath(new URL(`./stubs/${name}`, import.meta.url));

export const aliases = {
  entities: stub('nothing.ts'),
  'linkify-it': stub('nothing.ts'),
  mdurl: stub('nothing.ts'),
  'punycode.js': stub('nothing.ts'),
  'uc.micro': stub('nothing.ts'),
};
