// Automatic accessibility checks. They find contrast, names and roles; they do not replace trying it with a keyboard and
// a screen reader.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What there is to object to: the rule, and the element. `leftOut`: elements that are looked at elsewhere. */
export async function violations(page: Page | Frame, leftOut: readonly string[] = []): Promise<string[]> {
  // Faded colours in the middle of an animation are not the colours one reads.
  await page.waitForFunction(() => {
    const roots = [document, document.querySelector('minicom-widget')?.shadowRoot];
    return roots.every((root) => (root?.getAnimations() ?? []).every(({ playState }) => playState !== 'running'));
  });
  await page.evaluate(source);
  return page.evaluate(async (exclude) => {
    const axe = Reflect.get(window, 'axe') as typeof import('axe-core');
    const { violations } = await axe.run({ exclude: [...exclude] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, leftOut);
}
