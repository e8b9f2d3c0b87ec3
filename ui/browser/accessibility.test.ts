// Nothing to object to in the main states of both pages, and in each of the visitor's; the desk's are in desk-states.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violations } from './axe.ts';
import { test } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';
import { say } from './seed.ts';

const ANN = 'ann@example.com';

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
];

test.for([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'ar'],
  ['dark', 'ar'],
] as const)(
  'nothing to object to on the visitor’s page, %s, %s',
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
