// The script that other people's pages load: one classic file under a name that stays, because it stands in their markup.

import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

/** The sheet is text to the minifier; its line ends are ours to take out. */
const shortStyles: Plugin = {
  name: 'short-styles',
  transform(code, id) {
    return id.endsWith('/loader/styles.ts') ? code.replace(/([;{},])\n(?=[\w.:@*])/g, '$1') : null;
  },
};

export async function buildLoader(directory: string): Promise<void> {
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
