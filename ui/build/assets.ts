// A Vite plugin that turns the finished build into what minicom-web embeds: compressed copies, and `assets.rs`, the
// table of all files as a Rust expression, a file a line (`asset!` of minicom-web). Same sources, same bytes: no times, no absolute paths, one fixed order.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { checkLoader } from './budget.ts';
import { buildLoader } from './loader.ts';

const CONTENT_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
};

export function embeddedAssets(directory: string): Plugin {
  return {
    name: 'embedded-assets',
    apply: 'build',
    async closeBundle() {
      await buildLoader(directory);
      const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(directory.length + 1)
            .replaceAll('\\', '/'),
        )
        .sort((a, b) => (a < b ? -1 : 1));
      const entries = paths.map((path) => {
        const content = readFileSync(join(directory, path));
        compress(join(directory, path), content);
        return rustEntry(path, content);
      });
      const header = '// Written by `npm run build` in ui/; do not edit.\n';
      writeFileSync(join(directory, 'assets.rs'), `${header}&[\n${entries.join('')}]\n`);
      checkLoader(directory);
    },
  };
}

function compress(file: string, content: Buffer): void {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const gzip = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
  // The tenth byte names the operating system that compressed; 255 is "unknown" and the same everywhere.
  gzip[9] = 255;
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${file}.gz`, gzip);
}

function rustEntry(path: string, content: Buffer): string {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const contentType = CONTENT_TYPES[extension];
  if (contentType === undefined) throw new Error(`no content type is known for ${path}`);
  const etag = createHash('sha256').update(content).digest('hex').slice(0, 32);
  const immutable = /^assets\/(?!launcher\/)/.test(path);
  return `    asset!("${path}", "${contentType}", "${etag}", ${immutable}),\n`;
}
