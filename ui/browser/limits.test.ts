// What a server refuses: too much in too short a time, and visitors who are banned. The server is the real one.

import { expect } from 'vitest';
import { violations } from './axe.ts';
import { removeAfter, test } from './fixture.ts';
import { Agent, lineOf, screenshot, Visitor } from './people.ts';
import { Server } from './server.ts';

const EVE = 'eve@example.com';
/** So many messages may a visitor send at once. */
const AT_ONCE = 20;

test('24: over a real limit it counts down, keeps the text and sends it by itself', async ({
  people,
  onTestFinished,
}) => {
  const server = await Server.start('--limits');
  onTestFinished(() => removeAfter(people, server));
  const context = await people.someone();
  // What waits leaves at once, however slowly it was typed.
  const line = await lineOf(context, /\/ws\//);
  line.cut();
  const visitor = await Visitor.arrive(context, server.origin, EVE);
  const texts = Array.from({ length: AT_ONCE + 6 }, (_, n) => `message ${n}`);
  for (const text of texts) await visitor.say(text);
  line.mend();
  await visitor.page.getByText(/The server asked for a pause. Sending again in \d s./).waitFor();
  expect(await visitor.texts()).toEqual(texts);
  await visitor.page.getByText('The server asked for a pause.').waitFor({ state: 'detached' });
  await visitor.page.reload();
  await expect.poll(() => visitor.texts()).toEqual(texts);
});

test('24: whoever connects too often comes back by himself, with what he wrote', async ({ people, onTestFinished }) => {
  const server = await Server.start('--limits');
  onTestFinished(() => removeAfter(people, server));
  const visitor = await Visitor.arrive(await people.someone(), server.origin, EVE);
  const refusal = await visitor.page.evaluate(async () => {
    const url = new URL('ws/chat/user/somebody/', document.baseURI.replace('http', 'ws'));
    for (let n = 0; n < 200; n += 1) {
      const code = await new Promise<number>((done) => {
        const socket = new WebSocket(url);
        socket.onmessage = () => socket.close();
        socket.onclose = (event) => done(event.code);
      });
      if (code === 4429) return code;
    }
    return 0;
  });
  expect(refusal).toBe(4429);
  await visitor.page.reload();
  await visitor.say('Here I am');
  await visitor.log.getByRole('img', { name: 'Sent' }).waitFor();
  expect(await visitor.texts()).toEqual(['Here I am']);
});

test('a banned visitor is told so, keeps what he typed and stays away; the desk bans and lifts', async ({
  people,
  onTestFinished,
}) => {
  const server = await Server.start('--widget-appeals', 'Write to appeals@example.com.');
  onTestFinished(() => removeAfter(people, server));
  const visitor = await Visitor.arrive(await people.someone(), server.origin, EVE);
  await visitor.say('Buy cheap watches');
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.open(EVE);
  await agent.message('Buy cheap watches').waitFor();
  await visitor.composer.fill('And another thing');

  const details = agent.page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('button', { name: 'Ban…' }).click();
  await details.getByLabel('Reason, for agents alone').fill('spam');
  await details.getByLabel('For how long').selectOption({ label: 'Until it is lifted' });
  await details.getByLabel('Also everyone at the same address').check();
  expect(await violations(agent.page)).toEqual([]);
  await screenshot(agent.page, 'desk-ban-form');
  await details.getByRole('button', { name: 'Ban the visitor' }).click();
  await details.getByText('Banned', { exact: true }).waitFor();
  await agent.page.getByText(/banned the visitor: spam/).waitFor();
  const mark = agent.row(EVE).getByRole('img', { name: 'Banned' });
  await mark.waitFor();
  expect(await violations(agent.page)).toEqual([]);
  await screenshot(agent.page, 'desk-banned');

  await visitor.page.getByText('You can no longer write here. Write to appeals@example.com.').waitFor();
  expect(await visitor.composer.inputValue()).toBe('And another thing');
  expect(await violations(visitor.page)).toEqual([]);
  await screenshot(visitor.page, 'visitor-banned');
  await visitor.page.reload();
  await visitor.page.getByText('You can no longer write here. Write to appeals@example.com.').waitFor();
  expect(await visitor.composer.inputValue()).toBe('And another thing');
  // His address is banned with him.
  const other = await Visitor.arrive(await people.someone(), server.origin, 'other@example.com');
  await other.page.getByText('You can no longer write here. Write to appeals@example.com.').waitFor();

  await details.getByRole('button', { name: 'Lift the ban' }).click();
  await details.getByRole('button', { name: 'Ban…' }).waitFor();
  await mark.waitFor({ state: 'detached' });
  await visitor.page.reload();
  await visitor.composer.press('Enter');
  await agent.message('And another thing').waitFor();
});
