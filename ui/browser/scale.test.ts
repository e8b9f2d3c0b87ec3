// A desk with thousands of conversations, and one conversation with thousands of messages. How long the page was busy is
// printed; what it shows is asserted. `npm run scale` measures with 20,000 of each.

import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { test as base } from './fixture.ts';
import { Agent, CLOCK, screenshot } from './people.ts';
import { say } from './seed.ts';
import { Server } from './server.ts';

const MANY = Number(process.env.MANY ?? 2_000);
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

/** Longer than this, a task keeps the next frame waiting noticeably. */
const LONG_TASK_MS = 50;
/** What one reads may move by so much when something comes in elsewhere. */
const STEADY_PX = 1;

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ph: string;
  /** The thread's own time, in microseconds: unlike `dur` it does not grow when the machine is busy with others. */
  tdur?: number;
  args?: { name?: string };
}

/** Watches the page's main thread from now on; gives its long tasks as the page saw them, and as the processor did. */
async function watchTasks(browser: Browser, page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    Reflect.set(window, 'tasks', tasks);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  await browser.startTracing(page, { categories: ['toplevel'] });
  return async () => {
    const seen = await page.evaluate(() => Reflect.get(window, 'tasks') as number[]);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
    const main = new Set(traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(thread));
    const worked = traceEvents
      .filter((event) => event.name.endsWith('RunTask') && main.has(thread(event)))
      .map(({ tdur = 0 }) => tdur / 1_000);
    return `by the clock ${summary(seen)}; of processor time ${summary(worked)}`;
  };
}

function summary(tasks: number[]): string {
  const long = tasks.filter((ms) => ms > LONG_TASK_MS);
  return `${long.length} long tasks, the longest task ${Math.round(Math.max(0, ...tasks))} ms`;
}

test('11, 26: thousands of conversations load as one scrolls, and stay in order', { timeout: 700_000 }, async ({
  browser,
  people,
  many,
}) => {
  const agent = await Agent.arrive(await people.someone(), many.origin);
  const { page } = agent;
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await list.getByRole('listitem').first().waitFor();
  const tasks = await watchTasks(browser, page);
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

test('10, 11: thousands of messages scroll to the first without losing the place', { timeout: 700_000 }, async ({
  browser,
  people,
  many,
}) => {
  const agent = await Agent.arrive(await people.someone(), many.origin);
  const { page } = agent;
  await page.goto(`${many.origin}/desk#${encodeURIComponent(LONG)}`);
  await expect.poll(() => agent.inSight(`line ${MANY}`)).toBe(true);
  const region = page.getByRole('region', { name: 'Conversation' });
  await region.hover();

  const tasks = await watchTasks(browser, page);
  const started = Date.now();
  let wheels = 0;
  while (!(await agent.message('line 1').isVisible())) {
    await page.mouse.wheel(0, -WHEEL_PX);
    wheels += 1;
    expect(wheels).toBeLessThan(3_000);
  }
  console.log(`messages: ${wheels} turns of the wheel in ${Date.now() - started} ms; ${await tasks()}`);
  expect(await agent.said.count()).toBeLessThan(80);

  await page.getByRole('button', { name: 'Go to the latest message' }).click();
  await expect.poll(() => agent.inSight(`line ${MANY}`)).toBe(true);
  await agent.say('at the end');
  await expect.poll(() => agent.inSight('at the end')).toBe(true);
  await page.close();
});

test('11: what one reads stays where it is while older pages come in above', { timeout: 700_000 }, async ({
  people,
  many,
}) => {
  const context = await people.someone();
  /** Answers with older messages wait until they are let go. */
  const waiting: (() => void)[] = [];
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const frame = JSON.parse(String(data));
      const older = frame.type === 'conversation' && frame.last_seq < MANY;
      if (older) waiting.push(() => socket.send(data));
      else socket.send(data);
    });
  });
  const agent = await Agent.arrive(context, many.origin);
  const { page } = agent;
  await page.goto(`${many.origin}/desk#${encodeURIComponent(LONG)}`);
  await expect.poll(() => agent.inSight(`line ${MANY}`)).toBe(true);
  const region = page.getByRole('region', { name: 'Conversation' });
  await region.hover();
  let [pages, moved] = [0, 0];
  while (!(await agent.message('line 1').isVisible())) {
    // Up to where the older ones begin, and they are asked for.
    await page.mouse.wheel(0, -WHEEL_PX);
    await settled(page);
    if (waiting.length === 0) continue;
    const [first, before] = await topmost(page);
    for (const letGo of waiting.splice(0)) letGo();
    await agent.log.and(page.locator('[aria-busy=false]')).waitFor();
    await settled(page);
    pages += 1;
    moved = Math.max(moved, Math.abs((await topOf(page, first)) - before));
    expect(moved).toBeLessThanOrEqual(STEADY_PX);
  }
  console.log(`${pages} older pages moved what was being read by at most ${moved} px`);
  expect(pages).toBeGreaterThan(5);
  await page.close();
});

/** Nothing scrolls any more, and what was asked for is drawn. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Conversation' }).evaluate(async (element) => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    for (let [still, last] = [0, Number.NaN]; still < 8; ) {
      await frame();
      still = element.scrollTop === last ? still + 1 : 0;
      last = element.scrollTop;
    }
  });
}

/** The first message of which all is in sight: its seq, and where its text stands. */
function topmost(page: Page): Promise<[string, number]> {
  return page.getByRole('region', { name: 'Conversation' }).evaluate((region) => {
    const start = region.getBoundingClientRect().top;
    const top = (line: HTMLElement) => line.querySelector('[title]')?.getBoundingClientRect().top ?? Number.NaN;
    const lines = [...region.querySelectorAll<HTMLElement>('[data-seq]')];
    const texts = lines.map((line) => [line.dataset.seq ?? '', top(line)] as [string, number]);
    const inSight = texts.filter(([, y]) => y >= start).sort(([, a], [, b]) => a - b);
    return inSight[0] ?? ['', Number.NaN];
  });
}

function topOf(page: Page, seq: string): Promise<number> {
  return page
    .locator(`[data-seq="${seq}"]`)
    .getByTitle(CLOCK)
    .evaluate((text) => text.getBoundingClientRect().top);
}

test('a message found in the middle of thousands is opened where it stands', { timeout: 700_000 }, async ({
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
