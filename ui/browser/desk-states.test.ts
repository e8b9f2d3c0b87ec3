// Every state of the desk, light and dark, from the left and from the right, wide and narrow: nothing to object to, and
// nothing scrolls sideways. With SCREENSHOTS there is a picture of each.

import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { words as arDesk } from '../words/ar.ts';
import { words as enDesk } from '../words/en.ts';
import { words as arShared } from '../words/shared/ar.ts';
import { words as enShared } from '../words/shared/en.ts';
import { violations } from './axe.ts';
import { test } from './fixture.ts';
import { Agent, type People, screenshot } from './people.ts';
import { say, Wire } from './seed.ts';
import type { Server } from './server.ts';

const ar = { ...arShared, ...arDesk };
const en = { ...enShared, ...enDesk };
const ANN = 'ann@example.com';

const TALK = [
  { by: 'user/chidi.anagonye@example.com', text: 'Is the workshop open on Sunday?' },
  { by: `user/${ANN}`, text: 'Where is it?\n\n1. here\n2. `there`\n\n> or https://example.com' },
  {
    by: 'admin/bo',
    to: ANN,
    text: '**Here**: [the guide](https://example.com), not [bank.example](https://evil.example)',
  },
  { by: 'user/ben@example.com', text: 'Where is mine?' },
  { by: 'user/ben@example.com', text: '```\ncode\n```' },
];

const DESKTOP = [1440, 900] as const;
const PHONE = [390, 844] as const;
const WIDTHS = [DESKTOP, [768, 1024], PHONE, [320, 640]] as const;

interface Stand {
  browser: Browser;
  server: Server;
  people: People;
  page: Page;
  said: typeof en;
  /** To call when what is on the screen is a state of its own. */
  check(name: string): Promise<void>;
}

async function list({ page, said, check }: Stand): Promise<void> {
  await page.getByRole('listitem').getByRole('link').first().waitFor();
  await check('inbox');
  await page.keyboard.press('u');
  await page.getByRole('button', { name: said.unread, pressed: true }).waitFor();
  await page.getByRole('link', { name: 'ben@example.com' }).waitFor();
  await check('unread');
  await page.keyboard.press('a');
  await page.getByRole('link', { name: ANN }).waitFor();
}

async function search({ page, said, check }: Stand): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type('where');
  await page.locator('mark').first().waitFor();
  await check('search');
  await page.keyboard.type('nowhere');
  await page.getByRole('heading', { name: said.nothingFound }).waitFor();
  await check('nothing-found');
  await page.keyboard.press('Escape');
}

async function overlays({ page, check }: Stand): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('listbox').waitFor();
  await check('palette');
  await page.keyboard.type('no such thing');
  await page.getByRole('dialog').getByRole('status').waitFor();
  await check('palette-none');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByRole('heading').waitFor();
  await check('shortcuts');
  await page.keyboard.press('Escape');
}

async function conversation({ page, server, browser, said, check }: Stand): Promise<void> {
  await page.getByRole('link', { name: ANN }).click();
  await page.getByRole('log').getByRole('link').first().waitFor();
  await check('conversation');
  const colleague = await Wire.open(browser, server, 'admin/bo');
  await colleague.send({ type: 'get_conversation', email: ANN });
  await page.getByRole('textbox', { name: said.message }).fill('I think that');
  await colleague.send({ type: 'typing', email: ANN, typing: true });
  await page.getByText(said.colleagueTyping(said.aColleague)).waitFor();
  await check('colleague');
  await colleague.send({ type: 'message', to: ANN, message: 'Answered', client_id: crypto.randomUUID() });
  await page.getByRole('alert').waitFor();
  await check('overtaken');
  await colleague.close();
  await page.getByRole('textbox', { name: said.message }).fill('');
  await page.evaluate(() => {
    location.hash = '#nobody@example.com';
  });
  await page.getByRole('heading', { name: said.nothingSaid }).waitFor();
  await check('nothing-said');
}

async function withoutServer({ page, server, people, said, check }: Stand): Promise<void> {
  await people.complaints.whileServerIsAway(async () => {
    // The emulation leaves open sockets alone; the server's end closes them.
    await page.context().setOffline(true);
    await server.kill();
    await page.getByText(said.offline).waitFor();
    await check('offline');
    await page.context().setOffline(false);
    await page.getByText(said.reconnecting).waitFor();
    await check('reconnecting');
    await server.up();
    await page.getByText(said.reconnecting).waitFor({ state: 'detached' });
  });
}

test.for([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'ar'],
  ['dark', 'ar'],
] as const)(
  '15, 16, 17: nothing to object to in any state of the desk, %s, %s',
  { timeout: 300_000 },
  async ([colorScheme, lang], { browser, people, server }) => {
    const said = lang === 'ar' ? ar : en;
    const pages = new Map<number, Page>();
    const stand = (width: number, page: Page): Stand => ({
      browser,
      server,
      people,
      page,
      said,
      check: async (name) => {
        await screenshot(page, `desk-${name}-${width}-${colorScheme}-${lang}`);
        expect([name, width, await violations(page)]).toEqual([name, width, []]);
        expect([name, width, await new Agent(page).sidewaysScroll()]).toEqual([name, width, 0]);
      },
    });
    for (const [width, height] of lang === 'en' && colorScheme === 'light' ? WIDTHS : [DESKTOP, PHONE]) {
      const options = { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' } as const;
      const page = await (await people.someone(options)).newPage();
      await page.goto(`${server.origin}/desk?lang=${lang}`);
      await page.getByRole('heading', { name: said.noConversations }).waitFor();
      await stand(width, page).check('empty');
      pages.set(width, page);
    }
    await say(browser, server, TALK);
    for (const [width, page] of pages) {
      await page.bringToFront();
      for (const walk of [list, search, overlays, conversation, withoutServer]) await walk(stand(width, page));
      await page.context().close();
    }
  },
);
