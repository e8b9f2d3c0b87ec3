// What a page pays for the chat: fails the build when it grows beyond what was promised. All sizes are gzip's.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LOADER = 5 * 1024;
const PANEL = 40 * 1024;

export function checkBudget(directory: string): void {
  const size = (path: string) => readFileSync(join(directory, `${path}.gz`)).length;
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  const loaded = readdirSync(join(directory, 'assets')).filter((file) => html.includes(`assets/${file}"`));
  const panel = ['index.html', ...loaded.map((file) => `assets/${file}`)].reduce((sum, path) => sum + size(path), 0);
  console.log(`widget.js ${size('widget.js')} of ${LOADER} bytes, the panel ${panel} of ${PANEL}, gzip`);
  if (size('widget.js') > LOADER) throw new Error('widget.js is too large');
  if (panel > PANEL) throw new Error('the panel is too large');
}
