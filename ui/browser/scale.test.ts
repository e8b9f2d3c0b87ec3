// A desk with 20,000 conversations, and one conversation with 20,000 messages. How long the page was busy is printed;
// what it shows is asserted.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { test as base } from './fixture.ts';
import { Agent, screenshot } from './people.ts';
import { say } from './seed.ts';
import { Server } from './server.ts';

/** Fewer where somebody is in a hurry. */
const MANY = Number(process.env.MANY ?? 20_000);
const LONG = 'long@example.com';
/** Somewhere in the middle. */
const FOUND = Math.floor(MANY * 0.45) + 2;
const WHEEL_PX = 4_000;

const test = base.extend('many', { scope: 'file' }, async ({ browser }, { onCleanup }) => {
  const server = await Server.start();
  onCleanup(() => server.remove());
  await say(
    browser,
    server,
    Array.from({ length: MANY }, (_, n) => ({
      by: 'user/long@example.com',
      text: `line ${n + 1}${n % 7 === 1 ? ', which is longer than the others so that it takes more than one line of the conversation' : ''}`,
    })),
  );
  await say(
    browser,
    server,
    Array.from({ length: MANY }, (_, n) => ({ by: 'admin/bo', to: `visitor${n + 1}@example.com`, text: `hello ${n}` })),
  );
  return server;
});

/** Collects tasks over 50 ms from now on; gives how many, the longest and all together. */
async function watchTasks(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    Reflect.set(window, 'tasks', tasks);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  return async () => {
    const tasks = await page.evaluate(() => Reflect.get(window, 'tasks') as number[]);
    const sum = tasks.reduce((total, task) => total + task, 0);
    return `${tasks.length} long tasks, longest ${Math.round(Math.max(0, ...tasks))} ms, together ${Math.round(sum)} ms`;
  };
}

test('11, 26: 20,000 conversations load as one scrolls, and stay in order', { timeout: 700_000 }, async ({
  browser,
  people,
  many,
}) => {
  const agent = await Agent.arrive(await people.someone(), many.origin);
  const { page } = agent;
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await list.getByRole('listitem').first().waitFor();
  const tasks = await watchTasks(page);
  await list.getByRole('listitem').first().hover();
  const started = Date.now();
  let wheels = 0;
  // It was there before all others.
  while (!(await agent.row(LONG).isVisible())) {
    await page.mouse.wheel(0, WHEEL_PX);
    wheels += 1;
    expect(wheels).toBeLessThan(3_000);
  }
  console.log(`inbox: ${wheels} turns of the wheel in ${Date.now() - started} ms; ${await tasks()}`);
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  expect(await list.getByRole('listitem').last().getAttribute('aria-setsize')).toBe(String(MANY + 1));

  // Somebody at the other end of the list writes; the reader's place stays.
  const steady = agent.row(LONG);
  const before = await steady.boundingBox();
  await say(browser, many, [{ by: `user/visitor${MANY / 2}@example.com`, text: 'me again' }]);
  await page.waitForFunction(() => document.title.startsWith('(2)'));
  expect((await steady.boundingBox())?.y).toBe(before?.y);
  await screenshot(page, 'desk-20000-end');
  await page.close();
});

test('10, 11: 20,000 messages scroll to the first without losing the place', { timeout: 700_000 }, async ({
  people,
  many,
}) => {
  const agent = await Agent.arrive(await people.someone(), many.origin);
  const { page } = agent;
  await page.goto(`${many.origin}/desk#${encodeURIComponent(LONG)}`);
  await expect.poll(() => agent.inSight(`line ${MANY}`)).toBe(true);
  const region = page.getByRole('region', { name: 'Conversation' });
  await region.hover();

  const tasks = await watchTasks(page);
  const started = Date.now();
  let wheels = 0;
  while (!(await agent.message('line 1').isVisible())) {
    await page.mouse.wheel(0, -WHEEL_PX);
    wheels += 1;
    expect(wheels).toBeLessThan(3_000);
  }
  console.log(`messages: ${wheels} turns of the wheel in ${Date.now() - started} ms; ${await tasks()}`);
  expect(await agent.log.locator('.bubble').count()).toBeLessThan(80);

  await page.getByRole('button', { name: 'Go to the latest message' }).click();
  await expect.poll(() => agent.inSight(`line ${MANY}`)).toBe(true);
  await agent.say('at the end');
  await expect.poll(() => agent.inSight('at the end')).toBe(true);
  await page.close();
});

test('a message found in the middle of 20,000 is opened where it stands', { timeout: 700_000 }, async ({
  people,
  many,
}) => {
  const agent = await Agent.arrive(await people.someone(), many.origin);
  await agent.page.getByRole('searchbox', { name: 'Search messages' }).fill(`line ${FOUND}`);
  const started = Date.now();
  await agent.page.getByRole('list', { name: 'Search results' }).getByRole('link').first().click();
  await expect.poll(() => agent.inSight(`line ${FOUND}`), { timeout: 60_000 }).toBe(true);
  console.log(`opened ${MANY - FOUND} messages back in ${Date.now() - started} ms`);
  await screenshot(agent.page, 'desk-found');
  await agent.page.close();
});
