// What the pages do besides the talk: who may see them, keys and addresses of the desk, reading only while somebody
// looks.

import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { test } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';

const ANN = 'ann@example.com';
const BEN = 'ben@example.com';

/** Lets the host say who is there, whatever this server would say. */
async function pageWithSession(context: BrowserContext, url: string, status: number, body: object): Promise<Page> {
  const page = await context.newPage();
  await page.route('**/api/session', (route) => route.fulfill({ status, json: body }));
  await page.goto(url);
  return page;
}

test('12: nobody is marked as having read while nobody looks', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await ann.say('hello');
  await agent.open(ANN);
  await ann.seen.waitFor();

  await ann.page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
  });
  await agent.say('are you there?');
  await ann.message('are you there?').waitFor();
  await ann.page.waitForFunction(() => document.title === '(1) Support');
  // A second one, so that a read mark for the first would have had its time.
  await agent.say('take your time');
  await ann.page.waitForFunction(() => document.title === '(2) Support');
  await expect.poll(() => agent.log.getByRole('img', { name: 'Sent' }).count()).toBe(1);
  expect(await agent.seen.count()).toBe(0);

  await ann.page.evaluate(() => {
    document.hasFocus = () => true;
    window.dispatchEvent(new Event('focus'));
  });
  await agent.seen.waitFor();
  await ann.page.waitForFunction(() => document.title === 'Support');
});

test('the desk works by keys, and the address keeps the conversation', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  await ann.say('I am Ann');
  await ann.log.getByRole('img', { name: 'Sent' }).waitFor();
  const ben = await Visitor.arrive(await people.someone(), server.origin, BEN);
  await ben.say('I am Ben');
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.row(BEN).waitFor();
  const showing = (email: string) => agent.page.getByRole('main', { name: `Conversation with ${email}` }).waitFor();
  const { keyboard } = agent.page;

  await keyboard.press('j');
  await showing(BEN);
  await agent.message('I am Ben').waitFor();
  await agent.composer.fill('half an answ');
  await keyboard.press('Escape');
  await keyboard.press('j');
  await showing(ANN);
  expect(await agent.composer.inputValue()).toBe('');
  await keyboard.press('k');
  await showing(BEN);
  expect(await agent.composer.inputValue()).toBe('half an answ');
  await agent.page.reload();
  await showing(BEN);
  await agent.message('I am Ben').waitFor();
  expect(await agent.composer.inputValue()).toBe('half an answ');
  await agent.page.goBack();
  await showing(ANN);
  await keyboard.press('r');
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await agent.page.getByText('Choose a conversation').waitFor();
});

test('25: the visitor can say that it was somebody else, who then finds nothing of the former', async ({
  people,
  server,
}) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  await ann.say('mine alone');
  await ann.log.getByRole('img', { name: 'Sent' }).waitFor();
  const secondTab = await ann.anotherTab();
  await ann.composer.fill('half a thought');
  await ann.page.getByRole('button', { name: 'Not you?' }).click();
  await secondTab.page.getByRole('textbox', { name: 'Your email' }).waitFor();
  await ann.page.getByRole('textbox', { name: 'Your email' }).fill(BEN);
  await ann.page.getByRole('button', { name: 'Start chatting' }).click();
  await ann.page.getByText('Write your question below').waitFor();
  await secondTab.page.getByText('Write your question below').waitFor();
  expect(await ann.composer.inputValue()).toBe('');
  expect(await ann.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain(
    'ann@',
  );
});

test('each page says who it is for', async ({ people, server }) => {
  const context = await people.someone();
  const agentOnWidget = await pageWithSession(context, `${server.origin}/`, 200, {
    mode: 'session',
    role: 'admin',
    email: ANN,
  });
  await agentOnWidget.getByRole('link', { name: 'Open the desk' }).waitFor();
  const visitorOnDesk = await pageWithSession(context, `${server.origin}/desk`, 200, {
    mode: 'session',
    role: 'user',
    email: ANN,
  });
  await visitorOnDesk.getByRole('link', { name: 'Open the chat' }).waitFor();
  await screenshot(visitorOnDesk, 'desk-not-for-visitors');
});

test('a host that knows nobody asks to sign in; one that does not answer is asked again', async ({
  people,
  server,
}) => {
  const context = await people.someone();
  // The browser reports both refusals in its console; here they are the point.
  await people.complaints.whileServerIsAway(async () => {
    for (const path of ['/', '/desk']) {
      const page = await pageWithSession(context, server.origin + path, 401, {});
      await page.getByRole('heading', { name: 'Please sign in' }).waitFor();
      await screenshot(page, path === '/' ? 'visitor-signed-out' : 'desk-signed-out');
    }
    const page = await pageWithSession(context, `${server.origin}/`, 503, {});
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    await page.unroute('**/api/session');
    await page.getByRole('textbox', { name: 'Your email' }).waitFor();
  });
});
