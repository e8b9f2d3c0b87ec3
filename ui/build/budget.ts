// A Vite plugin that fails the build when a page has grown beyond what a visitor, or an agent, should have to load: gzip of
// all scripts and styles that the page needs to show a conversation, the chunk for Markdown that comes later included.
// Another language than English is a chunk on top; the largest is told.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

/** In KiB of gzip, all in. */
const PAGE_KIB: Record<string, number> = { widget: 40, login: 24, desk: 120 };
const LATER = /markdown/;
const LANGUAGE = /\/words\//;

export function budget(page: string): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const limit = PAGE_KIB[page] ?? 0;
      const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry && file.name === page);
      if (entry?.type !== 'chunk') throw new Error(`there is no page ${page}`);
      const atOnce = closure(entry.fileName, bundle);
      const imported = new Set([...atOnce].flatMap((name) => chunkOf(bundle, name)?.dynamicImports ?? []));
      const weigh = (name: string) => kib(beyond(closure(name, bundle), atOnce), bundle);
      const later = sum([...imported].filter((name) => LATER.test(name)).map(weigh));
      const isLanguage = (name: string) => LANGUAGE.test(String(chunkOf(bundle, name)?.facadeModuleId));
      const language = Math.max(0, ...[...imported].filter(isLanguage).map(weigh));
      const first = kib(atOnce, bundle);
      const parts = `${first.toFixed(1)} at once, ${later.toFixed(1)} later`;
      const all = (first + later).toFixed(1);
      this.info(`${page}: ${all} KiB of ${limit} (${parts}); a language is up to ${language.toFixed(1)} more`);
      if (first + later > limit) this.error(`${page} is over its budget`);
    },
  };
}

function chunkOf(bundle: Rollup.OutputBundle, name: string): Rollup.OutputChunk | undefined {
  const file = bundle[name];
  return file?.type === 'chunk' ? file : undefined;
}

/** A chunk, what it imports, and their styles. */
function closure(name: string, bundle: Rollup.OutputBundle, into = new Set<string>()): Set<string> {
  const chunk = chunkOf(bundle, name);
  if (into.has(name) || chunk === undefined) return into;
  into.add(name);
  for (const css of chunk.viteMetadata?.importedCss ?? []) into.add(css);
  for (const imported of chunk.imports) closure(imported, bundle, into);
  return into;
}

function beyond(files: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...files].filter((name) => !known.has(name));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function kib(files: Iterable<string>, bundle: Rollup.OutputBundle): number {
  let bytes = 0;
  for (const name of files) {
    const file = bundle[name];
    const content = file?.type === 'chunk' ? file.code : (file?.source ?? '');
    bytes += gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length;
  }
  return bytes / 1024;
}

/** For the script that a page of another site loads before anybody opens the chat. */
const LOADER_BYTES = 5 * 1024;

/** The loader is built apart, so it is weighed apart, when all files are there. */
export function checkLoader(directory: string): void {
  const bytes = readFileSync(join(directory, 'widget.js.gz')).length;
  console.log(`widget.js: ${bytes} of ${LOADER_BYTES} bytes`);
  if (bytes > LOADER_BYTES) throw new Error('widget.js is over its budget');
}
