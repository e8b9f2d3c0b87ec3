// The desk for every eye and hand: times, motion, colours, direction, and the keyboard alone. Tests begin with the number
// of the behaviour they prove.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { words as ar } from '../words/ar.ts';
import { test } from './fixture.ts';
import { Agent, CLOCK, screenshot } from './people.ts';
import { say, Wire } from './seed.ts';

const ANN = 'ann@example.com';
const BEN = 'ben@example.com';
const DAY_MS = 86_400_000;

/** What has the focus: its role or tag, and what it is called. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return element === document.body ? '' : `${element?.tagName.toLowerCase()}: ${name.trim().slice(0, 40)}`;
  });
}

/** A ring of 2 px: around what has the focus, or in the composer on the frame around it. */
function ringed(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [document.activeElement, document.activeElement?.closest('form')].some((element) => {
      if (!element) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const outlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      return outlined || boxShadow.includes('0px 0px 0px 2px');
    }),
  );
}

/** Everything that can be seen and used, called as `focused` does. */
function usable(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, [tabindex="0"]')]
      .filter((element) => element.checkVisibility() && !(element as HTMLButtonElement).disabled)
      .map((element) => {
        const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
        return `${element.tagName.toLowerCase()}: ${name.trim().slice(0, 40)}`;
      }),
  );
}

test('14: Tab reaches everything, in the order one reads it, and one sees where one is', async ({
  browser,
  people,
  server,
}) => {
  await say(browser, server, [
    { by: `user/${ANN}`, text: 'Where is https://example.com/invoices' },
    { by: `user/${BEN}`, text: 'I am Ben' },
  ]);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  const { page } = agent;
  await agent.open(ANN);
  await agent.log.getByRole('link').waitFor();
  await agent.composer.fill('here');
  // Tab begins at the top of a page that has just been loaded.
  await page.reload();
  await agent.log.getByRole('link').waitFor();
  const expected = await usable(page);
  const reached: string[] = [];
  for (let turn = 0; turn < expected.length + 3; turn += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (now === '') break;
    reached.push(now);
    await expect.poll(() => ringed(page), { message: now }).toBe(true);
  }
  expect(reached).toEqual(expected);
  expect(reached.map((name) => name.split(':')[0])).toEqual([
    // The AI, the word lists, notifications, commands.
    'button',
    'button',
    'button',
    'button',
    'input',
    // Filters.
    'button',
    'button',
    'button',
    'button',
    'a',
    'a',
    'section',
    'a',
    'textarea',
    'button',
    // Of the panel: the ban.
    'button',
  ]);
});

test('16: who wants no motion sees none, and who wants it dark has it dark', async ({ browser, people, server }) => {
  await say(browser, server, [{ by: `user/${ANN}`, text: 'hello' }]);
  const visitor = await Wire.open(browser, server, `user/${ANN}`);
  const context = await people.someone({ reducedMotion: 'reduce', colorScheme: 'dark' });
  const agent = await Agent.arrive(context, server.origin);
  const { page } = agent;
  const moving = () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter((animation) => animation.playState === 'running')
        .filter((animation) => Number(animation.effect?.getComputedTiming().endTime ?? 0) > 400)
        .map((animation) => ((animation.effect as KeyframeEffect).target as Element).className),
    );
  await agent.open(ANN);
  await agent.message('hello').waitFor();
  await visitor.send({ type: 'typing', typing: true });
  await page.getByText(`${ANN} is typing`).waitFor();
  expect(await moving()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('listbox').waitFor();
  expect(await moving()).toEqual([]);
  await page.keyboard.press('Escape');

  /** From 0 to 100, as CSS Color 4 writes it: of `oklch` from 0 to 1. */
  const lightness = (selector: string, property: 'color' | 'backgroundColor') =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => {
        const [, space, value] = /^(oklch|oklab|lab|lch)\(([\d.]+)/.exec(getComputedStyle(element)[name]) ?? [];
        return Number(value) * (space?.startsWith('ok') ? 100 : 1);
      }, property);
  expect(await lightness('body', 'backgroundColor')).toBeLessThan(25);
  expect(await lightness('body', 'color')).toBeGreaterThan(80);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await lightness('body', 'backgroundColor')).toBe(100);
  await people.complaints.whileServerIsAway(async () => {
    await server.kill();
    await page.getByText('Reconnecting…').waitFor();
    expect(await moving()).toEqual([]);
    await server.up();
    await page.getByText('Reconnecting…').waitFor({ state: 'detached' });
  });
  await visitor.close();
});

test('17: from the right, the columns, the way back and the place of one’s own words are mirrored', async ({
  browser,
  people,
  server,
}) => {
  await say(browser, server, [
    { by: `user/${ANN}`, text: 'hello' },
    { by: 'admin/bo', to: ANN, text: 'hello yourself' },
  ]);
  const page = await (await people.someone({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(`${server.origin}/desk?lang=ar`);
  await page.getByRole('link', { name: ANN }).click();
  const box = async (locator: ReturnType<Page['locator']>) =>
    (await locator.boundingBox()) ?? { x: Number.NaN, y: 0, width: 0, height: 0 };
  const details = page.getByRole('complementary', { name: ar.details });
  await details.waitFor();
  const inbox = await box(page.getByRole('navigation', { name: ar.conversations }));
  expect([inbox.x, (await box(details)).x]).toEqual([1440 - 340, 0]);
  const mine = page.getByRole('log').getByText('hello yourself');
  await mine.waitFor();
  expect((await box(mine)).x).toBeLessThan((await box(page.getByRole('log').getByText('hello', { exact: true }))).x);

  await page.setViewportSize({ width: 390, height: 844 });
  const back = page.getByRole('button', { name: ar.backToInbox });
  await back.waitFor();
  expect((await box(back)).x).toBeGreaterThan(300);
  await back.click();
  const name = page.getByRole('link', { name: ANN }).getByText(ANN);
  await name.waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  // A name in Latin letters stands beside its face all the same, not at the other end of its line.
  const short = await name.evaluate((element) => {
    const text = document.createRange();
    text.selectNodeContents(element);
    return element.getBoundingClientRect().right - text.getBoundingClientRect().right;
  });
  expect(short).toBeLessThan(1);
});

test('20: messages have their time, days a line between them, and the list says when', async ({
  browser,
  people,
  server,
}) => {
  await say(browser, server, [
    { by: `user/${ANN}`, text: 'the day before' },
    { by: `user/${ANN}`, text: 'yesterday' },
    { by: `user/${ANN}`, text: 'yesterday too' },
    { by: `user/${ANN}`, text: 'today' },
  ]);
  const context = await people.someone({ timezoneId: 'Asia/Kathmandu' });
  /** The server has one clock; here the first messages were said earlier. */
  const EARLIER = [2 * DAY_MS, DAY_MS, DAY_MS, 0];
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const frame = JSON.parse(String(data));
      for (const message of frame.type === 'conversation' ? frame.messages : []) {
        const time = Date.parse(message.timestamp) - (EARLIER[message.seq - 1] ?? 0);
        message.timestamp = new Date(time).toISOString().replace('Z', '000+00:00');
      }
      socket.send(JSON.stringify(frame));
    });
  });
  const agent = await Agent.arrive(context, server.origin);
  const { page } = agent;
  await agent.open(ANN);
  await agent.message('today').waitFor();
  const weekday = await page.evaluate(
    (ms) => new Intl.DateTimeFormat('en', { weekday: 'long' }).format(new Date(Date.now() - ms)),
    2 * DAY_MS,
  );
  expect(await agent.log.getByRole('time').filter({ hasNotText: CLOCK }).allTextContents()).toEqual([
    weekday,
    'Yesterday',
    'Today',
  ]);
  // One time for each run, in the reader's zone.
  const times = agent.log.getByRole('time').filter({ hasText: CLOCK });
  expect(await times.count()).toBe(3);
  for (const time of await times.all()) {
    const said = await time.evaluate((element) =>
      new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit', timeZone: 'Asia/Kathmandu' }).format(
        new Date(element.getAttribute('datetime') ?? ''),
      ),
    );
    expect(await time.textContent()).toBe(said);
  }
  const row = agent.row(ANN).getByRole('time');
  expect(await row.textContent()).toMatch(/^\d{1,2}:\d\d.[AP]M$/u);
  expect(await row.getAttribute('title')).not.toBe(null);
  await screenshot(page, 'desk-days');
});
