// The host's session becomes another's, or nobody's, below an open page: what stays of the former one. In the names, the
// numbers of the behaviours that a test proves.

import type { ChildProcess } from 'node:child_process';
import type { BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import { test as base } from './fixture.ts';
import { Agent, lineOf, type People } from './people.ts';
import { example } from './process.ts';
import { freePort } from './server.ts';
import { Shopper } from './shop.ts';

const [ANN, BOB] = ['ann@example.com', 'bob@example.com'];

/** A shop with accounts, whose cookies say who is there. */
const test = base.extend('origin', async ({ people }, { onCleanup }) => {
  const address = `127.0.0.1:${await freePort()}`;
  const shop: ChildProcess = await example('axum-host-session', [address], `http://${address}`);
  onCleanup(async () => {
    await people.leave();
    shop.kill('SIGKILL');
  });
  return `http://${address}`;
});

/** In another tab, say. */
async function signIn(context: BrowserContext, origin: string, name: string): Promise<void> {
  await context.request.post(`${origin}/sign-in/${name}`);
}

/** The browser of somebody who has opened the chat on a page whose line can be cut. */
async function shopperAs(people: People, origin: string, name: string) {
  const context = await people.someone();
  await signIn(context, origin, name);
  const page = await context.newPage();
  const line = await lineOf(page);
  await page.goto(origin);
  const shopper = new Shopper(page);
  await shopper.open();
  await shopper.panel.getByText(`${name}@example.com`).waitFor();
  return { context, line, shopper };
}

async function deskAs(people: People, origin: string, name: string) {
  const context = await people.someone();
  await signIn(context, origin, name);
  const page = await context.newPage();
  const line = await lineOf(page);
  await page.goto(`${origin}/chat/desk`);
  return { context, line, agent: new Agent(page) };
}

const kept = async (context: BrowserContext) => JSON.stringify(await context.storageState({ indexedDB: true }));

test('25: who signs in while another’s page waits for its network sends, sees and keeps nothing of him, in no tab', async ({
  origin,
  people,
}) => {
  const { context, line, shopper } = await shopperAs(people, origin, 'ann');
  await shopper.say('from Ann');
  await shopper.sent.waitFor();
  const other = await shopper.anotherTab();
  await other.message('from Ann').waitFor();
  await other.composer.fill('half a thought');
  const { agent } = await deskAs(people, origin, 'ben');
  await agent.open(ANN);

  await people.complaints.whileServerIsAway(async () => {
    line.cut();
    await shopper.page.bringToFront();
    await shopper.say('mine alone');
    await shopper.message('mine alone').waitFor();
    await expect.poll(() => kept(context)).toContain('mine alone');
    await signIn(context, origin, 'bob');
    line.mend();
    for (const tab of [shopper, other]) {
      await tab.page.bringToFront();
      await tab.panel.getByText(BOB).waitFor();
      expect(await tab.texts()).toEqual([]);
      expect(await tab.composer.inputValue()).toBe('');
    }
  });
  for (const his of ['mine alone', 'half a thought', ANN]) await expect.poll(() => kept(context)).not.toContain(his);

  await shopper.page.bringToFront();
  await shopper.say('from Bob');
  await shopper.sent.waitFor();
  await other.message('from Bob').waitFor();
  for (const tab of [shopper, other]) expect(await tab.texts()).toEqual(['from Bob']);
  expect(await agent.texts()).toEqual(['from Ann']);
  await agent.open(BOB);
  await agent.message('from Bob').waitFor();
  expect(await agent.texts()).toEqual(['from Bob']);
});

test('25: whose session has ended is asked to sign in, sees nothing meanwhile, and then sends what he had to say', async ({
  origin,
  people,
}) => {
  const { context, line, shopper } = await shopperAs(people, origin, 'ann');
  const { agent } = await deskAs(people, origin, 'ben');
  await shopper.say('from Ann');
  await agent.open(ANN);
  await agent.say('an answer');
  await shopper.message('an answer').waitFor();
  await people.complaints.whileServerIsAway(async () => {
    line.cut();
    await shopper.say('not lost');
    await context.clearCookies();
    line.mend();
    await shopper.panel.getByRole('heading', { name: 'Please sign in' }).waitFor();
    expect(await shopper.panel.getByText('an answer').count()).toBe(0);
    await signIn(context, origin, 'ann');
    await shopper.panel.getByRole('button', { name: 'I have signed in' }).click();
    await shopper.message('not lost').waitFor();
  });
  await agent.message('not lost').waitFor();
  expect(await agent.texts()).toEqual(['from Ann', 'an answer', 'not lost']);
});

test('an agent who takes over another’s desk sends and sees nothing of his; it waits for him', async ({
  origin,
  people,
}) => {
  const { shopper } = await shopperAs(people, origin, 'ann');
  await shopper.say('Anybody?');
  await shopper.sent.waitFor();
  const { context, line, agent } = await deskAs(people, origin, 'ben');
  await agent.open(ANN);
  await people.complaints.whileServerIsAway(async () => {
    line.cut();
    await agent.say('Ben here');
    await agent.message('Ben here').waitFor();
    await agent.composer.fill('half a thought');
    await expect.poll(() => kept(context)).toContain('Ben here');
    await signIn(context, origin, 'eva');
    line.mend();
    // Not with what he was looking at.
    await agent.page.getByText('Choose a conversation').waitFor();
    await agent.open(ANN);
    await agent.message('Anybody?').waitFor();
  });
  expect(await agent.composer.inputValue()).toBe('');
  await agent.say('Eva here');
  await shopper.message('Eva here').waitFor();
  expect(await shopper.texts()).toEqual(['Anybody?', 'Eva here']);
  await signIn(context, origin, 'ben');
  await agent.page.reload();
  await agent.composer.waitFor();
  expect(await agent.composer.inputValue()).toBe('half a thought');
  await shopper.message('Ben here').waitFor();
});

test('a visitor’s page that becomes an agent’s, and an agent’s desk that becomes a visitor’s, show what they are', async ({
  origin,
  people,
}) => {
  const { context, line, shopper } = await shopperAs(people, origin, 'ann');
  await shopper.say('from Ann');
  await shopper.sent.waitFor();
  const desk = await deskAs(people, origin, 'ben');
  await desk.agent.open(ANN);
  await people.complaints.whileServerIsAway(async () => {
    for (const { cut } of [line, desk.line]) cut();
    await signIn(context, origin, 'ben');
    await signIn(desk.context, origin, 'bob');
    for (const { mend } of [line, desk.line]) mend();
    await shopper.panel.getByRole('link', { name: 'Open the desk' }).waitFor();
    await desk.agent.page.getByRole('link', { name: 'Open the chat' }).waitFor();
  });
  expect(await shopper.panel.getByText('from Ann').count()).toBe(0);
  expect(await desk.agent.page.getByText('from Ann').count()).toBe(0);
});
