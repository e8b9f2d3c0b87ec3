// Unit tests: the protocol client against a scripted socket, and the parts against happy-dom.

import { defineConfig } from 'vitest/config';
import { aliases } from './build/aliases.ts';
import { markdownSubset } from './build/markdown-subset.ts';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [markdownSubset()],
  resolve: { alias: aliases },
  test: {
    include: ['{client,loader,login,parts,words,widget,desk}/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    // A busy machine is no failure: properties take as long as they take.
    testTimeout: 120_000,
    server: { deps: { inline: ['markdown-it'] } },
  },
});
