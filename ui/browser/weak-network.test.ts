// The embedded chat on a network that comes and goes. In the names, the numbers of the behaviours that a test proves.

import { expect } from 'vitest';
import { test as base, removeAfter } from './fixture.ts';
import { Agent, screenshot } from './people.ts';
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
  let online = true;
  const open = new Set<() => void>();
  await context.routeWebSocket(/\/ws\//, (socket) => {
    if (!online) {
      void socket.close({ code: 1011, reason: 'offline' });
      return;
    }
    socket.connectToServer();
    open.add(() => void socket.close({ code: 1011, reason: 'offline' }));
  });
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(ANN);
  await shopper.say('before');
  await shopper.sent.waitFor();
  online = false;
  await context.setOffline(true);
  for (const close of open) close();
  for (const text of ['one', 'two', 'three']) await shopper.say(text);
  await shopper.panel.getByText('You are offline.').waitFor();
  online = true;
  await context.setOffline(false);
  await shopper.panel.getByText('You are offline.').waitFor({ state: 'detached' });
  await shopper.sent.waitFor();
  const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
  await agent.open(ANN);
  await agent.message('three').waitFor();
  expect(await agent.texts()).toEqual(['before', 'one', 'two', 'three']);
});
