// Automatic accessibility checks of each page in its main states, light and dark. They find contrast, names and roles;
// they do not replace trying it with a keyboard and a screen reader.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { test } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';
import { say } from './seed.ts';

const ANN = 'ann@example.com';
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  // Faded colours in the middle of an animation are not the colours one reads.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'));
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = Reflect.get(window, 'axe') as typeof import('axe-core');
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

test.for(['light', 'dark'] as const)('nothing to object to, %s', async (colorScheme, { people, server }) => {
  const context = await people.someone({ colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${server.origin}/`);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await page.getByRole('alert').waitFor();
  expect(await violations(page)).toEqual([]);
  await screenshot(page, `welcome-${colorScheme}`);

  const agent = await Agent.arrive(await people.someone({ colorScheme, reducedMotion: 'reduce' }), server.origin);
  await agent.page.getByText('No conversations yet').waitFor();
  expect(await violations(agent.page)).toEqual([]);

  const ann = await Visitor.arrive(context, server.origin, ANN);
  await ann.page.getByText('Write your question below').waitFor();
  expect(await violations(ann.page)).toEqual([]);
  await ann.say('Where do I find my invoices?');
  await agent.row(ANN).getByText('1 unread').waitFor();
  expect(await violations(agent.page)).toEqual([]);
  await agent.open(ANN);
  await agent.say('Under Settings, Billing.');
  await agent.seen.waitFor();
  await ann.composer.fill('Thank');
  expect(await violations(ann.page)).toEqual([]);
  expect(await violations(agent.page)).toEqual([]);
  await screenshot(ann.page, `visitor-${colorScheme}`);
  await screenshot(agent.page, `desk-${colorScheme}`);
});

const TALK = [
  { by: `user/${ANN}`, text: 'Where is it?\n\n1. here\n2. `there`\n\n> or https://example.com' },
  {
    by: 'admin/bo',
    to: ANN,
    text: '**Here**: [the guide](https://example.com), not [bank.example](https://evil.example)',
  },
  { by: 'user/ben@example.com', text: 'Where is mine?' },
  { by: 'user/ben@example.com', text: '```\ncode\n```' },
];

test.for([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'ar'],
  ['dark', 'ar'],
] as const)(
  'nothing to object to in any state, %s, %s',
  { timeout: 180_000 },
  async ([colorScheme, lang], { browser, people, server }) => {
    await say(browser, server, TALK);
    for (const [width, height] of [
      [1440, 900],
      [768, 1024],
      [390, 844],
      [320, 640],
    ] as const) {
      const options = { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' } as const;
      const shot = (page: Page, name: string) => screenshot(page, `${name}-${width}-${colorScheme}-${lang}`);
      const page = await (await people.someone(options)).newPage();
      await page.goto(`${server.origin}/desk?lang=${lang}`);
      await page.getByRole('listitem').getByRole('link').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'state-inbox');
      await page.keyboard.press('/');
      await page.keyboard.type('where');
      await page.locator('mark').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'state-search');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByRole('listbox').waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'state-palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByRole('heading').waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'state-shortcuts');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: ANN }).click();
      await page.getByRole('log').getByRole('link').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'state-conversation');
      await page.close();

      const visitor = await (await people.someone(options)).newPage();
      await visitor.goto(`${server.origin}/?lang=${lang}`);
      await visitor.getByRole('textbox').waitFor();
      expect(await violations(visitor)).toEqual([]);
      await visitor.getByRole('textbox').fill(ANN);
      await visitor.keyboard.press('Enter');
      await visitor.getByRole('log').getByRole('link').first().waitFor();
      expect(await violations(visitor)).toEqual([]);
      await shot(visitor, 'state-visitor');
      await visitor.close();
    }
  },
);
