// Unit tests: the protocol client against a scripted socket, and the parts against happy-dom.

import { defineConfig } from 'vitest/config';
import { aliases } from './build/aliases.ts';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { alias: aliases },
  test: {
    include: ['{client,loader,parts,words,widget,desk}/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    // So long that a busy machine decides nothing.
    testTimeout: 60_000,
    server: { deps: { inline: ['markdown-it'] } },
  },
});
