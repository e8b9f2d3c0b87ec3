// The desk as an agent works at it. Tests begin with the number of the behaviour they prove.

import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { test } from './fixture.ts';
import { Agent, type People, screenshot, Visitor } from './people.ts';
import { say, Wire } from './seed.ts';
import type { Server } from './server.ts';

const ANN = 'ann@example.com';
const BEN = 'ben@example.com';

const showing = (agent: Agent, email: string) =>
  agent.page.getByRole('main', { name: `Conversation with ${email}` }).waitFor();

/** The names in the list, from top to bottom. */
async function listed(agent: Agent): Promise<string[]> {
  const links = agent.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
  const texts = await links.allTextContents();
  return texts.map((text) => /[a-z0-9]+@example\.com/.exec(text.slice(2))?.[0] ?? text);
}

/** An agent in a browser, and a colleague who has the same conversation open. */
async function atTheSameConversation(browser: Browser, people: People, server: Server) {
  await say(browser, server, [{ by: `user/${ANN}`, text: 'hello' }]);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.open(ANN);
  await agent.message('hello').waitFor();
  const colleague = await Wire.open(browser, server, 'admin/bo');
  await colleague.send({ type: 'get_conversation', email: ANN });
  return { agent, colleague };
}

test('26: a new conversation appears without a reload, last activity first; the title and the icon count', async ({
  browser,
  people,
  server,
}) => {
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.page.getByText('No conversations yet').waitFor();
  const icon = () => agent.page.locator('link[rel=icon]').getAttribute('href');
  const quiet = await icon();
  await say(browser, server, [{ by: `user/${ANN}`, text: 'I am first' }]);
  await agent.row(ANN).waitFor();
  await say(browser, server, [{ by: `user/${BEN}`, text: 'I am second' }]);
  await agent.row(BEN).waitFor();
  expect(await listed(agent)).toEqual([BEN, ANN]);
  await agent.page.waitForFunction(() => document.title === '(2) Inbox');
  expect(await icon()).not.toBe(quiet);
  expect(await icon()).toMatch(/^data:image\/svg\+xml,/);
  await say(browser, server, [{ by: `user/${ANN}`, text: 'I am back' }]);
  await expect.poll(() => listed(agent)).toEqual([ANN, BEN]);
  for (const email of [ANN, BEN]) await agent.open(email);
  await agent.page.waitForFunction(() => document.title === 'Inbox');
  expect(await icon()).toBe(quiet);
});

test('27: every action has a key, the sheet and the palette list them, and the palette does them', async ({
  browser,
  people,
  server,
}) => {
  // One after the other: Ben is above Ann.
  await say(browser, server, [{ by: `user/${ANN}`, text: 'I am Ann' }]);
  await say(browser, server, [{ by: `user/${BEN}`, text: 'I am Ben' }]);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  const { page } = agent;
  const { keyboard } = page;
  await agent.row(ANN).waitFor();
  await keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByText('Next conversation').waitFor();
  const keys = (await sheet.locator('kbd').allTextContents()).join(' ');
  expect(keys).toBe('j k r / a u w t h x v i f y l s ? Ctrl K Esc');
  await screenshot(page, 'desk-shortcuts');
  await keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });

  await keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('option', { name: 'Search messages' }).waitFor();
  await screenshot(page, 'desk-palette');
  await keyboard.type('ann@');
  await palette.getByRole('option', { name: ANN, selected: true }).waitFor();
  await keyboard.press('Enter');
  await showing(agent, ANN);
  await palette.waitFor({ state: 'detached' });

  await keyboard.press('Control+k');
  await keyboard.type('reply');
  await keyboard.press('Enter');
  await expect.poll(() => agent.composer.evaluate((field) => field === document.activeElement)).toBe(true);
  // While one writes, letters are letters.
  await keyboard.type('jk?/');
  expect(await agent.composer.inputValue()).toBe('jk?/');
  await keyboard.press('Control+k');
  await palette.waitFor();
  await keyboard.press('ArrowUp');
  await palette.getByRole('option', { selected: true, name: 'Leave' }).waitFor();
  await keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
  expect(await agent.composer.inputValue()).toBe('jk?/');

  // Out of the field they are keys again: down the list and up, and into the field.
  await agent.composer.fill('');
  await keyboard.press('Escape');
  await keyboard.press('k');
  await showing(agent, BEN);
  await keyboard.press('j');
  await showing(agent, ANN);
  await keyboard.press('r');
  await keyboard.type('dear');
  expect(await agent.composer.inputValue()).toBe('dear');
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await page.getByText('Choose a conversation').waitFor();
});

test('30: who else has it open is said, until they leave', async ({ browser, people, server }) => {
  const { agent, colleague } = await atTheSameConversation(browser, people, server);
  const also = agent.page.getByText('Also open with bo');
  await also.waitFor();
  await screenshot(agent.page, 'desk-viewers');
  await colleague.send({ type: 'leave' });
  await also.waitFor({ state: 'detached' });

  await colleague.send({ type: 'get_conversation', email: ANN });
  await also.waitFor();
  await colleague.close();
  await also.waitFor({ state: 'detached' });
});

test('30: who else types is said, and a reply that came meanwhile too', async ({ browser, people, server }) => {
  const { agent, colleague } = await atTheSameConversation(browser, people, server);
  await agent.composer.fill('I think that');
  await colleague.send({ type: 'typing', email: ANN, typing: true });
  await agent.page.getByText('is writing a reply too').waitFor();
  await screenshot(agent.page, 'desk-colleague');
  expect(await agent.page.getByText(`${ANN} is typing`).count()).toBe(0);
  await colleague.send({ type: 'message', to: ANN, message: 'I have answered', client_id: 'bo-1' });
  await agent.page.getByRole('alert').getByText('replied while you were writing').waitFor();
  await agent.page.getByText('is writing a reply too').waitFor({ state: 'detached' });
  expect(await agent.composer.inputValue()).toBe('I think that');
  await screenshot(agent.page, 'desk-overtaken');
  await agent.page.getByRole('button', { name: 'Dismiss' }).click();
  await agent.page.getByRole('alert').waitFor({ state: 'detached' });
  // What one sends oneself is no surprise.
  await agent.say('and so have I');
  await agent.composer.fill('more');
  await agent.message('and so have I').waitFor();
  expect(await agent.page.getByRole('alert').count()).toBe(0);
  await colleague.close();
});

test('31: each conversation has a draft of its own', async ({ browser, people, server }) => {
  await say(browser, server, [
    { by: `user/${ANN}`, text: 'I am Ann' },
    { by: `user/${BEN}`, text: 'I am Ben' },
  ]);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.open(ANN);
  await agent.composer.fill('for Ann');
  await agent.open(BEN);
  expect(await agent.composer.inputValue()).toBe('');
  await agent.composer.fill('for Ben');
  await agent.open(ANN);
  expect(await agent.composer.inputValue()).toBe('for Ann');
  await agent.page.reload();
  await expect.poll(() => agent.composer.inputValue()).toBe('for Ann');

  // The browser is closed, and another day it is opened again.
  const kept = await agent.page.context().storageState({ indexedDB: true });
  await agent.page.context().close();
  const later = await Agent.arrive(await people.someone({ storageState: kept }), server.origin);
  await later.open(ANN);
  expect(await later.composer.inputValue()).toBe('for Ann');
  await later.open(BEN);
  expect(await later.composer.inputValue()).toBe('for Ben');
  // What is sent is no draft any more.
  await later.composer.press('Enter');
  await later.message('for Ben').waitFor();
  await later.page.reload();
  await later.message('for Ben').waitFor();
  expect(await later.composer.inputValue()).toBe('');
});

test('33: the panel tells of the visitor only what is known', async ({ browser, people, server }) => {
  await say(browser, server, [{ by: `user/${ANN}`, text: 'hello' }]);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.open(ANN);
  const panel = agent.page.getByRole('complementary', { name: 'Details' });
  await panel.getByRole('heading', { name: ANN }).waitFor();
  await panel.getByText('Waiting since').waitFor();
  await agent.say('hello yourself');
  await panel.getByText('Waiting since').waitFor({ state: 'detached' });
  expect(await panel.getByText(/status|assigned|tags|null|undefined/i).count()).toBe(0);
  // Below 1200 px there is no room for it.
  await agent.page.setViewportSize({ width: 1199, height: 800 });
  await panel.waitFor({ state: 'hidden' });
});

test('34: the filter lives in the address', async ({ browser, people, server }) => {
  await say(browser, server, [
    { by: `user/${ANN}`, text: 'unread' },
    { by: 'admin/bo', to: BEN, text: 'nothing to read here' },
  ]);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  const { page } = agent;
  await agent.row(BEN).waitFor();
  await page.getByRole('button', { name: 'Unread' }).click();
  await agent.row(BEN).waitFor({ state: 'detached' });
  await agent.row(ANN).waitFor();
  expect(new URL(page.url()).searchParams.get('inbox')).toBe('unread');
  await page.reload();
  await agent.row(ANN).waitFor();
  expect(await listed(agent)).toEqual([ANN]);
  expect(await page.getByRole('button', { name: 'Unread', pressed: true }).count()).toBe(1);
  await page.goBack();
  await agent.row(BEN).waitFor();
  await page.keyboard.press('u');
  await agent.row(BEN).waitFor({ state: 'detached' });
  await agent.open(ANN);
  // Read now, so it goes; what is open stays open.
  await page.getByText('Nothing unread').waitFor();
  await showing(agent, ANN);
  await screenshot(page, 'desk-nothing-unread');
  await page.keyboard.press('a');
  await agent.row(ANN).waitFor();
});

test('35: one click allows sound and notifications, and a new conversation uses them once', async ({
  browser,
  people,
  server,
}) => {
  const context = await people.someone();
  await context.addInitScript(() => {
    const noted: string[] = [];
    Reflect.set(window, 'noted', noted);
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      noted.push('tone');
      start.apply(this, when);
    };
    class FakeNotification {
      static permission: NotificationPermission = 'default';
      static requestPermission(): Promise<NotificationPermission> {
        noted.push('asked');
        FakeNotification.permission = 'granted';
        return Promise.resolve('granted');
      }
      onclick: (() => void) | null = null;
      constructor(title: string, options?: NotificationOptions) {
        noted.push(`${title}: ${options?.body}`);
        Reflect.set(window, 'notification', this);
      }
      close() {}
    }
    Reflect.set(window, 'Notification', FakeNotification);
  });
  const agent = await Agent.arrive(context, server.origin);
  const { page } = agent;
  const noted = () => page.evaluate(() => (Reflect.get(window, 'noted') as string[]).splice(0));
  await page.getByText('No conversations yet').waitFor();
  await say(browser, server, [{ by: 'user/early@example.com', text: 'before it was allowed' }]);
  await agent.row('early@example.com').waitFor();
  expect(await noted()).toEqual([]);
  await page.getByRole('button', { name: 'Turn on sound and notifications' }).click();
  await page.getByRole('button', { name: 'Turn off sound and notifications', pressed: true }).waitFor();
  // The chime says that it works.
  expect(await noted()).toEqual(['tone', 'tone', 'asked']);

  await page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
  });
  await say(browser, server, [{ by: `user/${ANN}`, text: 'is anybody there?' }]);
  await agent.row(ANN).waitFor();
  expect((await noted()).sort()).toEqual([`New conversation with ${ANN}: is anybody there?`, 'tone', 'tone']);
  await say(browser, server, [{ by: `admin/bo`, to: ANN, text: 'yes' }]);
  await agent.row(ANN).getByText('yes').waitFor();
  expect(await noted()).toEqual([]);
  await page.evaluate(() => (Reflect.get(window, 'notification') as Notification).onclick?.(new Event('click')));
  await showing(agent, ANN);

  // The wish outlives a reload; the first key gives the sound back, without another question.
  await page.reload();
  await page.getByRole('button', { name: 'Turn off sound and notifications', pressed: true }).waitFor();
  await page.keyboard.press('j');
  await say(browser, server, [{ by: `user/${BEN}`, text: 'and me?' }]);
  await agent.row(BEN).waitFor();
  await expect.poll(noted).toEqual(['tone', 'tone']);
});

test('a search finds the words where they stand and opens the message there', async ({ browser, people, server }) => {
  const filler = Array.from({ length: 400 }, (_, n) => ({ by: `user/${ANN}`, text: `filler ${n}` }));
  filler.splice(30, 0, { by: `user/${ANN}`, text: 'Grüße 😀: where is the **invoice** for <b>May</b>?' });
  await say(browser, server, filler);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  const { page } = agent;
  await agent.row(ANN).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('gruße invoi');
  const results = page.getByRole('list', { name: 'Search results' });
  await results.locator('mark').filter({ hasText: 'invoice' }).waitFor();
  expect(await results.locator('mark').allTextContents()).toEqual(['Grüße', 'invoice']);
  await screenshot(page, 'desk-search');
  await results.getByRole('link').click();
  await showing(agent, ANN);
  await expect.poll(() => agent.inSight('Grüße 😀: where is the invoice for <b>May</b>?')).toBe(true);
  await page.reload();
  await expect.poll(() => agent.inSight('Grüße 😀: where is the invoice for <b>May</b>?')).toBe(true);
  await page.keyboard.press('/');
  await page.keyboard.type('nowhere to be found');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await agent.row(ANN).waitFor();
});

test('14: a new message is announced once, an old one that scrolls in is not', async ({ browser, people, server }) => {
  const filler = Array.from({ length: 120 }, (_, n) => ({ by: `user/${ANN}`, text: `filler ${n}` }));
  await say(browser, server, filler);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.open(ANN);
  await agent.message('filler 119').waitFor();
  const announced = agent.page.getByRole('main').getByRole('status').filter({ hasText: 'said:' });
  expect(await announced.count()).toBe(0);
  await agent.page.getByRole('region', { name: 'Conversation' }).hover();
  await agent.page.mouse.wheel(0, -3_000);
  await agent.message('filler 40').waitFor();
  expect(await announced.count()).toBe(0);
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  await ann.say('news');
  await announced.getByText('news').waitFor({ state: 'attached' });
  await agent.page.getByRole('button', { name: '1 new message' }).waitFor();
  expect(await agent.log.getAttribute('aria-live')).toBe('off');
});
