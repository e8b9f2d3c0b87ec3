// A Vite plugin that fails the build when a page has grown beyond what a visitor, or an agent, should have to load:
// gzip of the scripts and styles that a page needs at once, and of the chunk for Markdown that follows.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

/** In KiB of gzip, for what a page needs at once. */
const PAGE_KIB: Record<string, number> = { widget: 40, desk: 120 };
/** For what comes with the first message that has markup in it. */
const MARKDOWN_KIB = 18;
const MARKDOWN = /markdown/;

export function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const [page, limit] of Object.entries(PAGE_KIB)) {
        const atOnce = new Set<string>();
        const later = new Set<string>();
        const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry && file.name === page);
        if (entry?.type !== 'chunk') throw new Error(`there is no page ${page}`);
        collect(entry.fileName, bundle, atOnce);
        for (const file of atOnce) {
          const chunk = bundle[file];
          if (chunk?.type !== 'chunk') continue;
          for (const name of chunk.dynamicImports) if (MARKDOWN.test(name)) collect(name, bundle, later);
        }
        const first = kib(atOnce, bundle);
        const more = kib(
          [...later].filter((file) => !atOnce.has(file)),
          bundle,
        );
        this.info(`${page}: ${first.toFixed(1)} KiB of ${limit} at once, ${more.toFixed(1)} of ${MARKDOWN_KIB} later`);
        if (first > limit || more > MARKDOWN_KIB) this.error(`${page} is over its budget`);
      }
    },
  };
}

/** A chunk, what it imports, and their styles. */
function collect(file: string, bundle: Rollup.OutputBundle, into: Set<string>): void {
  const chunk = bundle[file];
  if (into.has(file) || chunk?.type !== 'chunk') return;
  into.add(file);
  for (const css of chunk.viteMetadata?.importedCss ?? []) into.add(css);
  for (const imported of chunk.imports) collect(imported, bundle, into);
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
