// Moderation as people see it: what is refused, masked and flagged, and who learns of what.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violations } from './axe.ts';
import { test } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';

const EVE = 'eve@example.com';
const ANN = 'ann@example.com';

/** Nothing to object to, by day and by night. */
async function looked(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), `${state}, ${colorScheme}`).toEqual([]);
    await screenshot(page, `${state}-${colorScheme}`);
  }
}

test('a word is refused, masked or flagged; a supervisor reviews, and the visitor sees nothing of it', async ({
  people,
  server,
}) => {
  const agent = await Agent.arrive(await people.someone(), server.origin);
  const { page } = agent;
  await page.getByText('No conversations yet').waitFor();
  await page.keyboard.press('l');
  const dialog = page.getByRole('dialog', { name: 'Word lists' });
  await dialog.getByRole('textbox', { name: 'Refuse' }).fill('spam\n\n buy followers ');
  await dialog.getByRole('textbox', { name: 'Mask' }).fill('damn');
  await dialog.getByRole('textbox', { name: 'Flag' }).fill('!');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('a word has 1 to 64 bytes with a letter or digit').waitFor();
  await dialog.getByRole('textbox', { name: 'Flag' }).fill('lawyer');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Saved', { exact: true }).waitFor();
  expect(await dialog.getByRole('textbox', { name: 'Refuse' }).inputValue()).toBe('spam\nbuy followers');
  await looked(page, 'word-lists');
  await page.keyboard.press('Escape');

  const eve = await Visitor.arrive(await people.someone(), server.origin, EVE);
  await eve.say('Great SPAM for you');
  const refusal = eve.page.getByRole('alert');
  await refusal.getByText('Some words are not allowed here.').waitFor();
  await eve.message('Great SPAM for you').waitFor();
  await looked(eve.page, 'words-refused');
  expect(await agent.row(EVE).count()).toBe(0);
  await refusal.getByRole('button', { name: 'Delete' }).click();
  await eve.say('damn, it broke. Ask my lawyer');
  await eve.message('∗∗∗∗, it broke. Ask my lawyer').waitFor();
  const other = await Visitor.arrive(await people.someone(), server.origin, ANN);
  await other.say('hello');

  await agent.row(ANN).waitFor();
  await agent.row(EVE).getByRole('img', { name: 'Waits for review' }).waitFor();
  await page.getByRole('button', { name: /^Flagged/ }).click();
  await page.waitForURL(/inbox=flagged/);
  await expect.poll(() => agent.row(ANN).count()).toBe(0);
  await agent.open(EVE);
  await agent.message('∗∗∗∗, it broke. Ask my lawyer').waitFor();
  await agent.log.getByText('Flagged for “lawyer”').waitFor();
  await looked(page, 'flagged');
  await agent.log.getByRole('button', { name: 'Mark as reviewed' }).click();
  await agent.log.getByText('reviewed what was flagged').waitFor();
  await page.getByText('Nothing to review').waitFor();
  expect(await agent.log.getByRole('button', { name: 'Mark as reviewed' }).count()).toBe(0);
  await looked(page, 'reviewed');

  await eve.page.reload();
  await eve.message('∗∗∗∗, it broke. Ask my lawyer').waitFor();
  expect(await eve.texts()).toEqual(['∗∗∗∗, it broke. Ask my lawyer']);
  expect(await eve.log.textContent()).not.toMatch(/flag|review/i);
});
