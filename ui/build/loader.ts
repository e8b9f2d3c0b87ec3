// The script that other people's pages load: one classic file under a name that stays, because it stands in their markup.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import * as launcher from '../words/launcher.ts';

/** The sheet is text to the minifier; its line ends are ours to take out. */
const shortStyles: Plugin = {
  name: 'short-styles',
  transform(code, id) {
    return id.endsWith('/loader/styles.ts') ? code.replace(/([;{},])\n(?=[\w.:@*])/g, '$1') : null;
  },
};

export async function buildLoader(directory: string): Promise<void> {
  const { en: _builtIn, ...languages } = launcher;
  const words = join(directory, 'assets', 'launcher');
  mkdirSync(words, { recursive: true });
  for (const [language, said] of Object.entries(languages)) {
    writeFileSync(join(words, `${language}.json`), JSON.stringify(said));
  }
  await build({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    publicDir: false,
    logLevel: 'warn',
    plugins: [shortStyles],
    build: {
      outDir: directory,
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: {
        entry: fileURLToPath(new URL('../loader/main.ts', import.meta.url)),
        formats: ['iife'],
        name: 'MinicomLoader',
        fileName: () => 'widget.js',
      },
    },
  });
}
