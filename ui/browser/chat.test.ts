// The whole of it, as people meet it: a visitor's page and the desk against the real server in a real browser.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { test } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';

const ANN = 'ann@example.com';

/** Of who is there and when he answers. */
const PROMISES = /\b(online|offline|away|available|usually|typically|reply|replies|minutes?|hours?)\b/iu;

async function nothingIsPromised(page: Page): Promise<void> {
  expect(await page.getByText(PROMISES).count()).toBe(0);
}

test('a visitor and an agent talk, and each sees what the other has seen', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await screenshot(ann.page, 'visitor-empty');
  await screenshot(agent.page, 'desk-empty');

  await ann.say('Hello, is anybody there?');
  await ann.log.getByRole('img', { name: 'Sent' }).waitFor();
  await agent.row(ANN).getByText('Hello, is anybody there?').waitFor();
  await agent.row(ANN).getByText('1 unread').waitFor();
  await screenshot(agent.page, 'desk-unread');

  await agent.open(ANN);
  await agent.message('Hello, is anybody there?').waitFor();
  await ann.seen.waitFor();
  await agent.row(ANN).getByText('1 unread').waitFor({ state: 'detached' });

  await agent.composer.pressSequentially('Yes', { delay: 10 });
  await ann.page.getByText('is typing').waitFor({ state: 'attached' });
  await agent.say('Yes, we are. What happened?');
  await ann.message('Yes, we are. What happened?').waitFor();
  await ann.page.getByText('is typing').waitFor({ state: 'detached' });
  await agent.seen.waitFor();
  await agent.row(ANN).getByText('You: Yes, we are. What happened?').waitFor();
  await screenshot(ann.page, 'visitor-talk');
  await screenshot(agent.page, 'desk-talk');

  expect(await ann.texts()).toEqual(['Hello, is anybody there?', 'Yes, we are. What happened?']);
  expect(await agent.texts()).toEqual(await ann.texts());
});

test('what is said while the server is dead leaves in order when it is back, once', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await ann.say('before');
  await agent.open(ANN);
  await agent.message('before').waitFor();
  await ann.seen.waitFor();

  await people.complaints.whileServerIsAway(async () => {
    await server.kill();
    for (const text of ['first', 'second', 'third']) await ann.say(text);
    await agent.say('answer one');
    await agent.say('answer two');
    await ann.page.getByText('Reconnecting…').waitFor();
    await agent.page.getByText('Reconnecting…').waitFor();
    await ann.log.getByRole('img', { name: 'Sending' }).waitFor();
    await screenshot(ann.page, 'visitor-reconnecting');
    await server.up();
    for (const who of [ann, agent]) {
      await who.page.getByText('Reconnecting…').waitFor({ state: 'detached' });
      await who.seen.waitFor();
      await who.message('third').waitFor();
      await who.message('answer two').waitFor();
    }
  });

  const texts = await ann.texts();
  expect([...texts].sort()).toEqual(['answer one', 'answer two', 'before', 'first', 'second', 'third']);
  expect(texts.filter((text) => !text.startsWith('answer'))).toEqual(['before', 'first', 'second', 'third']);
  expect(texts.filter((text) => text.startsWith('answer'))).toEqual(['answer one', 'answer two']);
  expect(await agent.texts()).toEqual(texts);
  await ann.page.reload();
  await ann.message('third').waitFor();
  expect(await ann.texts()).toEqual(texts);
});

test('4: what is said while nothing gets through outlives a reload and the tab itself', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  await ann.say('before');
  await ann.log.getByRole('img', { name: 'Sent' }).waitFor();
  // The page itself stays reachable; only the sockets are refused, as behind a failing proxy.
  await ann.page.routeWebSocket(/\/ws\//, (socket) => socket.close({ code: 1013, reason: 'try_again' }));
  await ann.page.reload();
  await ann.say('kept');
  await ann.page.reload();
  await ann.message('kept').waitFor();
  // Another tab shows it and leaves the sending to the one it was said in, until that one is gone.
  const other = await ann.anotherTab();
  await other.message('kept').waitFor();
  await expect.poll(() => other.texts()).toEqual(['before', 'kept']);
  await other.log.getByRole('img', { name: 'Sending' }).waitFor();
  await ann.page.close();
  await other.log.getByRole('img', { name: 'Sending' }).waitFor({ state: 'detached' });
  expect(await other.texts()).toEqual(['before', 'kept']);
});

test('7: two tabs of one visitor stay equal', async ({ people, server }) => {
  const first = await Visitor.arrive(await people.someone(), server.origin, ANN);
  const second = await first.anotherTab();
  const agent = await Agent.arrive(await people.someone(), server.origin);

  await first.say('from the first tab');
  await second.message('from the first tab').waitFor();
  await second.say('from the second tab');
  await first.message('from the second tab').waitFor();
  await agent.open(ANN);
  await agent.say('to both');
  for (const tab of [first, second]) {
    await tab.message('to both').waitFor();
    expect(await tab.texts()).toEqual(['from the first tab', 'from the second tab', 'to both']);
  }
});

test('21: whether anybody is there, and how soon he answers, is not said where nobody knows it', async ({
  people,
  server,
}) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  await nothingIsPromised(ann.page);
  await ann.say('Is anybody there?');
  await ann.stored.waitFor();
  await nothingIsPromised(ann.page);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.open(ANN);
  await ann.seen.waitFor();
  await nothingIsPromised(ann.page);
  await agent.say('I am');
  await ann.message('I am').waitFor();
  await nothingIsPromised(ann.page);
  // What is said of presence is what is so: who types.
  await agent.composer.pressSequentially('and', { delay: 10 });
  await ann.page.getByText('is typing').waitFor({ state: 'attached' });
});

test('10, 11: a long history loads upwards without losing the place, and a new message does not move it', async ({
  people,
  server,
}) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  for (let n = 1; n <= 120; n += 1) await ann.say(`line ${n}`);
  await ann.log.getByRole('img', { name: 'Sent' }).waitFor();
  await ann.page.reload();
  await ann.message('line 120').waitFor();
  expect(await ann.message('line 60').count()).toBe(0);

  const region = ann.page.getByRole('region', { name: 'Conversation' });
  const top = async () => (await ann.message('line 75').boundingBox())?.y ?? Number.NaN;
  await ann.message('line 75').scrollIntoViewIfNeeded();
  await ann.message('line 30').waitFor({ state: 'attached' });
  const before = await top();
  await agent.open(ANN);
  await agent.say('down here');
  await ann.page.getByRole('button', { name: '1 new message' }).waitFor();
  expect(await top()).toBe(before);
  await screenshot(ann.page, 'visitor-pill');
  await ann.page.getByRole('button', { name: '1 new message' }).click();
  await ann.message('down here').waitFor();

  await region.evaluate((element) => element.scrollTo(0, 0));
  await ann.page.getByRole('button', { name: 'Go to the latest message' }).waitFor();
  await screenshot(ann.page, 'visitor-far-up');
  await ann.message('line 1').waitFor({ state: 'attached' });
  const lines = (await ann.texts()).filter((text) => text.startsWith('line'));
  expect(lines).toEqual(Array.from({ length: 120 }, (_, n) => `line ${n + 1}`));
});

test('the end stays in sight while the composer grows and shrinks', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone({ viewport: { width: 360, height: 640 } }), server.origin, ANN);
  for (let n = 1; n <= 20; n += 1) await ann.say(`line ${n}`);
  for (let lines = 1; lines <= 8; lines += 1) {
    await ann.composer.fill('tall\n'.repeat(lines));
    await expect.poll(() => ann.inSight('line 20')).toBe(true);
  }
  await ann.say('two\nlines');
  await expect.poll(() => ann.inSight('two lines')).toBe(true);
  const height = async () => (await ann.composer.boundingBox())?.height;
  const one = await height();
  await ann.composer.fill('1\n2\n3\n4\n5\n6');
  const six = await height();
  await ann.composer.fill('1\n2\n3\n4\n5\n6\n7\n8');
  expect(await height()).toBe(six);
  expect((six ?? 0) - (one ?? 0)).toBe(5 * 24);
});

test.for([375, 320])('15: on a phone %i px wide nothing scrolls sideways', async (width, { people, server }) => {
  const options = { viewport: { width, height: 700 }, hasTouch: true, isMobile: true };
  const ann = await Visitor.arrive(await people.someone(options), server.origin, ANN);
  const agent = await Agent.arrive(await people.someone(options), server.origin);
  const long = 'x'.repeat(400);
  await ann.say(`Look at https://example.com/${long}`);
  await ann.say('short');
  await agent.row(ANN).getByText('short').waitFor();
  expect(await agent.sidewaysScroll()).toBe(0);
  await screenshot(agent.page, `phone-${width}-inbox`);

  await agent.open(ANN);
  await agent.say('Thank you, we are looking into it.');
  await ann.message('Thank you, we are looking into it.').waitFor();
  await agent.seen.waitFor();
  expect(await ann.sidewaysScroll()).toBe(0);
  expect(await agent.sidewaysScroll()).toBe(0);
  for (const who of [ann, agent]) await expect.poll(() => who.inSight('Thank you, we are looking into it.')).toBe(true);
  await screenshot(ann.page, `phone-${width}-visitor`);
  await screenshot(agent.page, `phone-${width}-desk`);

  await agent.page.getByRole('button', { name: 'Back to the inbox' }).click();
  await agent.row(ANN).waitFor();
});
