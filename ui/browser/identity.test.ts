// Who the visitor is, as a host says it: by its own cookies, and by tokens from another origin. Real servers, the examples.

import type { ChildProcess } from 'node:child_process';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { test as base } from './fixture.ts';
import { Agent, lineOf, screenshot } from './people.ts';
import { example } from './process.ts';
import { freePort } from './server.ts';
import { Shopper } from './shop.ts';

const test = base.extend('servers', ({ people }, { onCleanup }) => {
  const servers: ChildProcess[] = [];
  onCleanup(async () => {
    await people.leave();
    for (const server of servers) server.kill('SIGKILL');
  });
  return servers;
});

async function signIn(page: Page, origin: string, name: string): Promise<void> {
  await page.goto(origin);
  await page.getByRole('button', { name: `I am ${name}` }).click();
  await page.waitForLoadState();
}

test('a host’s own cookies say who the visitor is, and nobody asks him for an email', async ({ people, servers }) => {
  const address = `127.0.0.1:${await freePort()}`;
  const origin = `http://${address}`;
  servers.push(await example('axum-host-session', [address], origin));
  const shopper = new Shopper(await (await people.someone()).newPage());

  // A stranger is told what to do. The browser reports the refusal in its console; here it is the point.
  await people.complaints.whileServerIsAway(async () => {
    await shopper.page.goto(origin);
    await shopper.open();
    await shopper.panel.getByRole('heading', { name: 'Please sign in' }).waitFor();
    await screenshot(shopper.page, 'shop-signed-out');
    await signIn(shopper.page, origin, 'ann');
    await shopper.composer.waitFor();
  });
  expect(await shopper.panel.getByRole('button', { name: 'Not you?' }).count()).toBe(0);
  await shopper.say('Where is my parcel?');
  await shopper.sent.waitFor();

  const desk = await (await people.someone()).newPage();
  await signIn(desk, origin, 'ben');
  const agent = new Agent(desk);
  await desk.goto(`${origin}/chat/desk`);
  await agent.open('ann@example.com');
  await agent.say('On its way.');
  await shopper.message('On its way.').waitFor();
  await shopper.page.reload();
  await shopper.message('On its way.').waitFor();
  expect(await shopper.texts()).toEqual(['Where is my parcel?', 'On its way.']);
});

interface TokenShop {
  shop: string;
  chat: string;
}

/** `lifetime`: for how many seconds a token is good. */
async function tokenShop(servers: ChildProcess[], lifetime: number): Promise<TokenShop> {
  const [shop, chat] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const args = ['--shop', shop, '--chat', chat, '--lifetime', `${lifetime}`];
  servers.push(await example('axum-token', args, `http://${shop}`));
  return { shop: `http://${shop}`, chat: `http://${chat}` };
}

/** An agent without a desk: a socket that shows the token of whoever is signed in on this page. */
function answerAsAgent(page: Page, chat: string, to: string, message: string): Promise<void> {
  return page.evaluate(
    async ({ chat, to, message }) => {
      const token = await (await fetch('/token')).text();
      await new Promise<void>((done, fail) => {
        const socket = new WebSocket(`${chat.replace('http', 'ws')}/ws`);
        socket.onerror = () => fail(new Error('no socket'));
        socket.onopen = () => {
          socket.send(JSON.stringify({ type: 'auth', token }));
          socket.send(JSON.stringify({ type: 'message', to, message, client_id: 'answer' }));
        };
        socket.onmessage = ({ data }) => {
          if (JSON.parse(data).client_id === 'answer') done();
        };
      });
    },
    { chat, to, message },
  );
}

test('a page of another origin shows tokens: asked for on opening, renewed in time on the open socket', async ({
  people,
  servers,
}) => {
  const { shop, chat } = await tokenShop(servers, 4);
  const context = await people.someone();
  const shopper = new Shopper(await context.newPage());
  let tokens = 0;
  let sockets = 0;
  const auths: string[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('/token')) tokens += 1;
  });
  shopper.page.on('websocket', (socket) => {
    sockets += 1;
    socket.on('framesent', ({ payload }) => {
      const frame = JSON.parse(String(payload));
      if (frame.type === 'auth') auths.push(frame.token);
    });
  });
  await signIn(shopper.page, shop, 'ann');
  await shopper.launcher.waitFor();
  expect(tokens).toBe(0);
  await shopper.open();
  await shopper.composer.waitFor();
  expect(tokens).toBe(1);
  await shopper.say('Who am I?');
  await shopper.sent.waitFor();
  // Twice the life of a token, on one socket.
  await expect.poll(() => auths.length).toBeGreaterThanOrEqual(4);
  await shopper.say('Still the same?');
  await shopper.sent.waitFor();
  expect(sockets).toBe(1);
  expect(new Set(auths).size).toBe(auths.length);

  const desk = await (await people.someone()).newPage();
  await signIn(desk, shop, 'ben');
  await answerAsAgent(desk, chat, 'ann@example.com', 'You are Ann.');
  await shopper.message('You are Ann.').waitFor();
  // In no address and in no storage.
  const kept = JSON.stringify(await context.storageState({ indexedDB: true }));
  for (const token of auths) expect(kept).not.toContain(token);
});

test('25: who signs out of the shop leaves nothing, and who signs in next sees his own talk', async ({
  people,
  servers,
}) => {
  const { shop } = await tokenShop(servers, 60);
  const context = await people.someone();
  const shopper = new Shopper(await context.newPage());
  await signIn(shopper.page, shop, 'ann');
  await shopper.open();
  await shopper.say('mine alone');
  await shopper.sent.waitFor();
  await shopper.composer.fill('half a thought');
  const left = shopper.page.waitForEvent('load');
  await shopper.page.getByRole('button', { name: 'Sign out' }).click();
  await left;
  await expect.poll(async () => JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain('ann@');
  // Who comes next is nobody in particular, until he signs in himself.
  await people.complaints.whileServerIsAway(async () => {
    await shopper.page.goto(shop);
    await shopper.open();
    await shopper.composer.waitFor();
  });
  expect(await shopper.panel.getByText('mine alone').count()).toBe(0);
  expect(await shopper.composer.inputValue()).toBe('');
});

/** The emails of the conversations that an agent's inbox has, asked for as whoever is signed in on this page. */
function inboxOf(page: Page, chat: string): Promise<string[]> {
  return page.evaluate(async (chat) => {
    const token = await (await fetch('/token')).text();
    return new Promise<string[]>((done, fail) => {
      const socket = new WebSocket(`${chat.replace('http', 'ws')}/ws`);
      socket.onerror = () => fail(new Error('no socket'));
      socket.onopen = () => {
        socket.send(JSON.stringify({ type: 'auth', token }));
        socket.send(JSON.stringify({ type: 'list' }));
      };
      socket.onmessage = ({ data }) => {
        const frame = JSON.parse(data);
        if (frame.type === 'list') done(frame.rows.map((row: { email: string }) => row.email));
      };
    });
  }, chat);
}

test('an anonymous visitor of two tabs is identified in one: the same talk goes on in both, under his name', async ({
  people,
  servers,
}) => {
  const { shop, chat } = await tokenShop(servers, 60);
  const context = await people.someone();
  const asked: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const shopper = await Shopper.arrive(context, shop);
  const other = await shopper.anotherTab();
  // Nobody is made, and nothing kept, before the chat is opened.
  expect(JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain('anon');
  expect(asked).not.toContain('/api/visitor');

  // A refusal of the shop's own `/token` stands in its console.
  await people.complaints.whileServerIsAway(async () => {
    await shopper.open();
    await shopper.composer.waitFor();
    await shopper.say('Where is my parcel?');
    await shopper.sent.waitFor();
    // The other tab has the same visitor, whether it follows or is opened.
    await other.page.bringToFront();
    await other.message('Where is my parcel?').waitFor();
  });
  // How often is the browser's affair, which may show a tab a moment late what another has stored; whoever was second takes
  // the first one's. That both are one visitor, the inbox says below.
  expect(asked).toContain('/api/visitor');
  expect(await shopper.panel.getByText(/anon-|@/u).count()).toBe(0);

  const desk = await (await people.someone()).newPage();
  await signIn(desk, shop, 'ben');
  const [nobody = '', ...others] = await inboxOf(desk, chat);
  expect([nobody.startsWith('anon-'), others]).toEqual([true, []]);
  await answerAsAgent(desk, chat, nobody, 'On its way.');
  await shopper.message('On its way.').waitFor();
  await shopper.page.bringToFront();
  await shopper.composer.fill('half a thought');

  await shopper.page.evaluate(async () => {
    await fetch('/sign-in/ann', { method: 'POST' });
    const token = await (await fetch('/token')).text();
    const minicom: unknown = Reflect.get(window, 'Minicom');
    if (typeof minicom === 'function') minicom('identify', { token });
  });
  const talk = ['Where is my parcel?', 'On its way.'];
  for (const tab of [shopper, other]) {
    await tab.page.bringToFront();
    await tab.panel.getByText('ann@example.com').waitFor();
    await expect.poll(() => tab.texts()).toEqual(talk);
  }
  await shopper.page.bringToFront();
  expect(await shopper.composer.inputValue()).toBe('half a thought');
  await shopper.say('Thank you');
  await other.message('Thank you').waitFor();
  expect(await inboxOf(desk, chat)).toEqual(['ann@example.com']);
  // When the server has said in both tabs that it knows him now.
  await expect
    .poll(async () => JSON.stringify(await context.storageState({ indexedDB: true })))
    .not.toContain(' anonymous');
});

test('who comes back is the same anonymous visitor, and whose sign-in loads the page anew finds his talk, too', async ({
  people,
  servers,
}) => {
  const { shop, chat } = await tokenShop(servers, 60);
  const context = await people.someone();
  const shopper = await Shopper.arrive(context, shop);
  await people.complaints.whileServerIsAway(async () => {
    await shopper.open();
    await shopper.composer.waitFor();
    await shopper.say('Remember me?');
    await shopper.sent.waitFor();
    await shopper.page.reload();
    await shopper.message('Remember me?').waitFor();
  });
  await shopper.page.getByRole('button', { name: 'I am ann' }).click();
  await shopper.panel.getByText('ann@example.com').waitFor();
  await shopper.message('Remember me?').waitFor();
  const desk = await (await people.someone()).newPage();
  await signIn(desk, shop, 'ben');
  expect(await inboxOf(desk, chat)).toEqual(['ann@example.com']);
});

test('what an anonymous visitor had yet to say when he signed in, he says as who he is', async ({
  people,
  servers,
}) => {
  const { shop, chat } = await tokenShop(servers, 60);
  const context = await people.someone();
  const line = await lineOf(context);
  const shopper = await Shopper.arrive(context, shop);
  await people.complaints.whileServerIsAway(async () => {
    await shopper.open();
    await shopper.composer.waitFor();
    await shopper.say('Where is my parcel?');
    await shopper.sent.waitFor();
    line.cut();
    await shopper.say('It is urgent.');
    await shopper.message('It is urgent.').waitFor();
    await shopper.composer.fill('half a thought');
    // Which loads the page anew.
    await shopper.page.getByRole('button', { name: 'I am ann' }).click();
    await shopper.panel.getByText('ann@example.com').waitFor();
    line.mend();
    await expect.poll(() => shopper.texts()).toEqual(['Where is my parcel?', 'It is urgent.']);
  });
  expect(await shopper.composer.inputValue()).toBe('half a thought');
  const desk = await (await people.someone()).newPage();
  await signIn(desk, shop, 'ben');
  expect(await inboxOf(desk, chat)).toEqual(['ann@example.com']);
});
