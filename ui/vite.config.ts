// How the two pages are built. Addresses are relative, because the host may mount them under any prefix.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { aliases } from './build/aliases.ts';
import { embeddedAssets } from './build/assets.ts';
import { budget } from './build/budget.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('../minicom-web/dist');

/** What visitors load only where an AI answers. */
const AI = /\/(ai|ai-[\w-]+|draft|event-[\w-]+|sources)\.(ts|tsx)$|\/words\/ai\//;

export default defineConfig({
  root: here('.'),
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { alias: aliases },
  plugins: [budget(), embeddedAssets(dist)],
  build: {
    outDir: dist,
    emptyOutDir: true,
    target: 'es2022',
    // The polyfill is an inline script in all but name, and every browser we build for preloads modules itself.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: { widget: here('index.html'), desk: here('desk.html') },
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, test: (id) => !AI.test(id) }] } },
    },
  },
});
