// The embedded chat on a network that comes and goes. In the names, the numbers of the behaviours that a test proves.

import type { BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import { test as base, removeAfter } from './fixture.ts';
import { Agent, lineOf, screenshot } from './people.ts';
import { Shop, Shopper } from './shop.ts';

const ANN = 'ann@example.com';

const test = base.extend('shop', async ({ people }, { onCleanup }) => {
  const shop = await Shop.start();
  onCleanup(() => removeAfter(people, shop));
  return shop;
});

test('3: a message whose answer is lost on the way is sent again and stored once', async ({ people, shop }) => {
  const context = await people.someone();
  let cut = 0;
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      // The server has it; before it can say so, the line breaks. Twice.
      if (cut < 2 && String(data).includes('"client_id"') && /"type":"(ack|message)"/.test(String(data))) {
        cut += 1;
        void server.close();
        void socket.close({ code: 1011, reason: 'cut' });
      } else {
        socket.send(data);
      }
    });
  });
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(ANN);
  await shopper.say('only once');
  await shopper.sent.waitFor();
  expect(cut).toBeGreaterThan(0);
  expect(await shopper.texts()).toEqual(['only once']);
  const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
  await agent.open(ANN);
  await agent.message('only once').waitFor();
  expect(await agent.texts()).toEqual(['only once']);
});

test('4, 5, 6: without a server it says so after two seconds; what was said leaves in order, what was missed appears', async ({
  people,
  shop,
}) => {
  const context = await people.someone();
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(ANN);
  await shopper.say('before');
  await shopper.sent.waitFor();
  const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
  await agent.open(ANN);
  await shopper.seen.waitFor();

  await people.complaints.whileServerIsAway(async () => {
    const notice = shopper.panel.getByText('Reconnecting…');
    await shop.desk.kill();
    const since = Date.now();
    for (const text of ['first', 'second', 'third']) await shopper.say(text);
    await shopper.message('third').waitFor();
    await notice.waitFor();
    expect(Date.now() - since).toBeGreaterThan(1_500);
    await screenshot(shopper.page, 'shop-reconnecting');
    // Off to another page of the shop and back: what waits is not lost with the page.
    await shopper.page.getByRole('link', { name: 'Cart' }).click();
    await shop.desk.up();
    await shopper.page.reload();
    await shopper.message('third').waitFor();
    await shopper.panel.getByText('Reconnecting…').waitFor({ state: 'detached' });
    await agent.message('third').waitFor();
  });
  expect(await agent.texts()).toEqual(['before', 'first', 'second', 'third']);
  await expect.poll(() => shopper.texts()).toEqual(['before', 'first', 'second', 'third']);
});

test('4: offline, the queue is kept in its order and leaves when the network is back', async ({ people, shop }) => {
  const context = await people.someone();
  // The emulation leaves sockets that are open alone; a dead network does not.
  const line = await lineOf(context);
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(ANN);
  await shopper.say('before');
  await shopper.sent.waitFor();
  await context.setOffline(true);
  line.cut();
  for (const text of ['one', 'two', 'three']) await shopper.say(text);
  await shopper.panel.getByText('You are offline.').waitFor();
  line.mend();
  await context.setOffline(false);
  await shopper.panel.getByText('You are offline.').waitFor({ state: 'detached' });
  await shopper.sent.waitFor();
  const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
  await agent.open(ANN);
  await agent.message('three').waitFor();
  expect(await agent.texts()).toEqual(['before', 'one', 'two', 'three']);
});

test('24: too fast: it says how long it waits, keeps the text, and sends it by itself', async ({ people, shop }) => {
  const context = await people.someone();
  let refusals = 0;
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const { type, client_id } = JSON.parse(String(data));
      if (type !== 'message' || refusals > 0) {
        server.send(data);
        return;
      }
      refusals += 1;
      const error = { type: 'error', code: 'rate_limited', message: 'too fast', client_id, retry_after_ms: 2_500 };
      socket.send(JSON.stringify(error));
    });
  });
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(ANN);
  await shopper.say('slowly');
  await shopper.panel.getByText(/The server asked for a pause. Sending again in [1-5] s./).waitFor();
  await screenshot(shopper.page, 'shop-held');
  expect(await shopper.texts()).toEqual(['slowly']);
  await shopper.say('and this behind it');
  await shopper.sent.waitFor();
  await shopper.panel.getByText('The server asked for a pause.').waitFor({ state: 'detached' });
  const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
  await agent.open(ANN);
  await agent.message('and this behind it').waitFor();
  expect(await agent.texts()).toEqual(['slowly', 'and this behind it']);
  expect(refusals).toBe(1);
});

test('2: what is refused for good says so, can be tried again and be given up', async ({ people, shop }) => {
  const context = await people.someone();
  let refused = 0;
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const { type, client_id, message } = JSON.parse(String(data));
      if (type !== 'message' || (message === 'again' && refused > 1)) {
        server.send(data);
        return;
      }
      refused += 1;
      socket.send(JSON.stringify({ type: 'error', code: 'forbidden', message: 'no', client_id }));
    });
  });
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(ANN);
  await shopper.say('again');
  await shopper.panel.getByRole('alert').getByText('Not allowed here.').waitFor();
  await shopper.say('never');
  await expect.poll(() => shopper.panel.getByRole('alert').count()).toBe(2);
  await screenshot(shopper.page, 'shop-failed');
  await shopper.panel.getByRole('alert').first().getByRole('button', { name: 'Retry' }).click();
  await shopper.sent.waitFor();
  await shopper.panel.getByRole('alert').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => shopper.texts()).toEqual(['again']);
});

/** A network that swallows what the server sends from some time on, and says nothing of it. */
async function deafNetwork(context: BrowserContext): Promise<{ deaf: boolean; sockets: number }> {
  const state = { deaf: false, sockets: 0 };
  await context.routeWebSocket(/\/ws\//, (socket) => {
    state.sockets += 1;
    const mine = state.sockets;
    const server = socket.connectToServer();
    server.onMessage((data) => {
      if (!state.deaf || mine > 1) socket.send(data);
    });
  });
  return state;
}

test('6: a socket that can send and hears nothing is noticed and replaced, and what was missed appears', async ({
  people,
  shop,
}) => {
  const context = await people.someone();
  const network = await deafNetwork(context);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(shop.origin);
  const shopper = new Shopper(page);
  await shopper.introduce(ANN);
  await shopper.say('before');
  await shopper.sent.waitFor();
  const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
  await agent.open(ANN);
  await shopper.seen.waitFor();
  network.deaf = true;
  await agent.say('missed');
  await agent.log.getByRole('img', { name: 'Sent' }).waitFor();
  expect(await shopper.message('missed').count()).toBe(0);
  // Half a minute without a sign, and ten seconds for the answer to a ping.
  await page.clock.fastForward(31_000);
  await page.clock.fastForward(11_000);
  await page.clock.runFor(5_000);
  await shopper.message('missed').waitFor();
  expect(network.sockets).toBe(2);
  expect(await shopper.texts()).toEqual(['before', 'missed']);
});

test('a typing that nobody takes back ends by itself', async ({ people, shop }) => {
  const context = await people.someone();
  let type = () => {};
  await context.routeWebSocket(/\/ws\//, (socket) => {
    socket.connectToServer();
    const frame = { type: 'typing', email: ANN, sender: { id: 'bo', role: 'admin', name: 'Bo' }, typing: true };
    type = () => socket.send(JSON.stringify(frame));
  });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(shop.origin);
  const shopper = new Shopper(page);
  await shopper.introduce(ANN);
  await shopper.say('hello');
  await shopper.sent.waitFor();
  type();
  const typing = shopper.panel.getByText('Bo is typing');
  await typing.waitFor({ state: 'attached' });
  await page.clock.runFor(5_500);
  await typing.waitFor({ state: 'detached' });
});

test('12: the count is true beyond the messages that were loaded', async ({ people, shop }) => {
  const first = await people.someone();
  const shopper = await Shopper.arrive(first, shop.origin);
  await shopper.introduce(ANN);
  await shopper.say('hello');
  await shopper.sent.waitFor();
  await shopper.page.close();
  const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
  await agent.open(ANN);
  for (let n = 1; n <= 75; n += 1) await agent.say(`answer ${n}`);
  await agent.log.getByRole('img', { name: 'Sent' }).waitFor();
  // Opened before and closed now, so that the page counts without being looked at.
  const page = await first.newPage();
  await page.addInitScript(() => {
    if (window.parent === window) for (const key of Object.keys(localStorage)) localStorage.setItem(key, '0');
  });
  await page.goto(shop.origin);
  await page.getByRole('button', { name: 'Chat with us, 75 unread messages' }).waitFor();
  expect(await page.title()).toBe('(75) Lamps');
  for (let n = 76; n <= 101; n += 1) await agent.say(`answer ${n}`);
  await page.getByRole('button', { name: 'Chat with us, More than 99 unread messages' }).waitFor();
  expect(await page.title()).toBe('(99+) Lamps');
  await page.reload();
  await page.getByRole('button', { name: 'Chat with us, More than 99 unread messages' }).waitFor();
  await screenshot(page, 'shop-many-unread');
});
