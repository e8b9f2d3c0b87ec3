// A Vite plugin that takes out of markdown-it what our subset of Markdown does without. Its tables of rules name every rule
// there is, and its class knows presets, a renderer and plugins, so no bundler can tell what is never used. The unit tests
// run with it too, so that what is tested is what ships. What it does not find, in a later version, fails the build.

import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** The tables, by their names in markdown-it's own bundle, and the rules that stay in them. */
const TABLES: Record<string, readonly string[]> = {
  _rules$2: ['normalize', 'block', 'inline', 'text_join'],
  _rules$1: ['fence', 'blockquote', 'list', 'paragraph'],
  _rules: ['text', 'newline', 'escape', 'backticks', 'emphasis', 'link'],
  _rules2: ['balance_pairs', 'emphasis', 'fragments_join'],
};

const piece = (name: string) => readFileSync(new URL(`./markdown-it/${name}`, import.meta.url), 'utf8');

/** Parts of the bundle, by its own names for them, and what stands there instead. */
const REGIONS: Record<string, string> = {
  '\\0@oxc-project+runtime@0.154.0/helpers/esm/defineProperty.js':
    'const _defineProperty = (object, name, value) => { object[name] = value; };',
  'src/common/utils.ts': piece('utils.js'),
  'src/token.ts': piece('token.js'),
  'src/ruler.ts': piece('ruler.js'),
  'src/renderer.ts': '',
  'src/markdownit.ts': piece('markdown-it.js'),
  'src/index.ts': 'export { MarkdownIt as default };',
};

/** The same again at its end, with `callable` around it. */
const EXPORT = /^export \{ MarkdownItCallable as default \};$/m;

export function markdownSubset(): Plugin {
  return {
    name: 'markdown-subset',
    transform(code, id) {
      return /\/markdown-it\/dist\/markdown-it\.mjs$/.test(id) ? subset(code) : null;
    },
  };
}

function subset(code: string): string {
  let left = replaced(code, EXPORT, () => '');
  for (const [name, instead] of Object.entries(REGIONS)) {
    const region = new RegExp(`//#region ${escaped(name)}\n[\\s\\S]*?\n//#endregion`);
    left = replaced(left, region, () => instead);
  }
  for (const [name, rules] of Object.entries(TABLES)) {
    const table = new RegExp(`(?<=var ${escaped(name)} = )\\[\n[\\s\\S]*?\n\\](?=;)`);
    left = replaced(left, table, (found) => only(found, rules));
  }
  return left;
}

/** A table is an array of arrays, each of which begins with its rule's name. */
function only(table: string, rules: readonly string[]): string {
  const entries = table.slice(1, -1).split(/^\t(?=\[)/m);
  const kept = entries.filter((entry) => rules.includes(/"(\w+)"/.exec(entry)?.[1] ?? ''));
  if (kept.length !== rules.length) throw new Error(`markdown-it has no longer all of ${rules.join(', ')}`);
  return `[${kept.map((entry) => entry.trim().replace(/,$/, '')).join(',')}]`;
}

function replaced(code: string, what: RegExp, by: (found: string) => string): string {
  if (!what.test(code)) throw new Error(`markdown-it has no longer ${what}`);
  return code.replace(what, by);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
