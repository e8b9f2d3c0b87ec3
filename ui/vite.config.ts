// How the pages are built, each by itself: nobody loads two, and what they share is smaller where the other page's needs
// are left out. Addresses are relative, because the host may mount them under any prefix.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { aliases } from './build/aliases.ts';
import { embeddedAssets } from './build/assets.ts';
import { budget } from './build/budget.ts';
import { markdownSubset } from './build/markdown-subset.ts';
import { plainImports } from './build/plain-imports.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('../minicom-web/dist');

const PAGES: Record<string, { file: string; place: 'first' | 'between' | 'last' }> = {
  widget: { file: 'index.html', place: 'first' },
  login: { file: 'login.html', place: 'between' },
  desk: { file: 'desk.html', place: 'last' },
};

export default defineConfig(({ mode }) => {
  const page = PAGES[mode];
  if (page === undefined) throw new Error(`npm run build makes all pages; there is no page ${mode}`);
  return {
    root: here('.'),
    base: './',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    resolve: { alias: aliases },
    plugins: [plainImports(), markdownSubset(), budget(mode), page.place === 'last' && embeddedAssets(dist)],
    build: {
      outDir: dist,
      emptyOutDir: page.place === 'first',
      target: 'es2022',
      // The first that know relative colours, without which nothing here has its colour; no fallbacks for older ones.
      cssTarget: ['chrome125', 'firefox128', 'safari18'],
      // The polyfill is an inline script in all but name, and every browser we build for preloads modules itself.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rollupOptions: {
        input: { [mode]: here(page.file) },
        // What a page needs at once is one file, whatever chunks that come later need of it, too.
        output: { codeSplitting: { groups: [{ name: mode, test: new RegExp(`/${page.file}`) }] } },
      },
    },
  };
});
