// A client of the original protocol, on pages of its own on other ports: only its frames, its path, its cross-origin
// request. What it does not know of ours it ignores.

import type { Server as HttpServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { test as base } from './fixture.ts';
import { Server } from './server.ts';
import { originOf, site } from './site.ts';

/** The server lets in the first two of three sites. */
const test = base
  .extend('sites', { scope: 'file' }, async ({}, { onCleanup }) => {
    const sites = [await site(), await site(), await site()] as const;
    onCleanup(() => {
      for (const http of sites) http.close();
    });
    return sites;
  })
  .extend('chat', { scope: 'file' }, async ({ sites }, { onCleanup }) => {
    const allowed = sites.slice(0, 2).flatMap((http) => ['--allow-origin', originOf(http, 'localhost')]);
    const server = await Server.start(...allowed);
    onCleanup(() => server.remove());
    return server;
  });

interface Frame {
  type: string;
  message?: { content: string; sender_type: string; email: string };
  messages?: { content: string; is_read: boolean }[];
  reader?: string;
  email?: string;
}

declare global {
  interface Window {
    received: Frame[];
    chat: WebSocket;
    opened: Promise<string>;
  }
}

/** A page that holds one socket and what came over it. */
class OldClient {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, server: Server, http: HttpServer, path: string): Promise<OldClient> {
    const page = await browser.newPage();
    await page.goto(originOf(http, 'localhost'));
    await page.evaluate((url) => {
      const received: Frame[] = [];
      const socket = new WebSocket(url);
      socket.onmessage = (event) => received.push(JSON.parse(event.data));
      const opened = new Promise((settle) => {
        socket.onopen = () => settle('open');
        socket.onerror = () => settle('error');
      });
      Object.assign(window, { received, chat: socket, opened });
    }, `ws://localhost:${server.port}${path}`);
    return new OldClient(page);
  }

  opened(): Promise<string> {
    return this.page.evaluate(() => window.opened);
  }

  async send(frame: object): Promise<void> {
    await this.page.evaluate((text) => window.chat.send(text), JSON.stringify(frame));
  }

  async frames(type: string): Promise<Frame[]> {
    const all = await this.page.evaluate(() => window.received);
    return all.filter((frame) => frame.type === type);
  }

  /** Waits for the n-th frame of a type. */
  async nth(type: string, n: number): Promise<Frame> {
    await this.page.waitForFunction(([type, n]) => window.received.filter((frame) => frame.type === type).length >= n, [
      type,
      n,
    ] as const);
    const frame = (await this.frames(type))[n - 1];
    if (frame === undefined) throw new Error('unreachable');
    return frame;
  }
}

test('a client written for the original works unchanged, on other ports', async ({ browser, sites, chat }) => {
  const [userSite, adminSite] = sites;
  const user = await OldClient.open(browser, chat, userSite, '/ws/chat/user/ann%40example.com/');
  const tab = await OldClient.open(browser, chat, userSite, '/ws/chat/user/ann%40example.com/');
  const admin = await OldClient.open(browser, chat, adminSite, '/ws/chat/admin/dummy/');
  expect((await user.nth('history', 1)).messages).toEqual([]);
  await tab.nth('history', 1);

  await user.send({ type: 'message', message: 'hi' });
  for (const client of [user, tab]) {
    expect((await client.nth('message', 1)).message).toMatchObject({
      content: 'hi',
      sender_type: 'user',
      email: 'ann@example.com',
    });
  }
  const users = await admin.page.evaluate(
    async (url) => (await fetch(url)).json(),
    `http://localhost:${chat.port}/api/users/`,
  );
  expect(users).toEqual(['ann@example.com']);

  await admin.send({ type: 'get_conversation', email: 'ann@example.com' });
  expect((await admin.nth('conversation', 1)).messages).toMatchObject([{ content: 'hi', is_read: false }]);
  await admin.send({ type: 'read_messages', email: 'ann@example.com' });
  expect(await user.nth('messages_read', 1)).toMatchObject({ reader: 'admin', email: 'ann@example.com' });
  await admin.send({ type: 'message', to: 'ann@example.com', message: 'hello' });
  for (const client of [user, tab]) expect((await client.nth('message', 2)).message?.content).toBe('hello');
  expect((await admin.nth('message', 1)).message?.content).toBe('hello');
  await user.send({ type: 'read_messages' });
  expect(await admin.nth('messages_read', 2)).toMatchObject({ reader: 'user' });
  // Frames that the original never had do not come unasked.
  for (const type of ['ack', 'row', 'list', 'typing', 'error', 'user_list']) {
    for (const client of [user, tab, admin]) expect(await client.frames(type)).toEqual([]);
  }
});

test('a page of any other origin gets neither a socket nor the list', async ({ browser, sites, chat }) => {
  const stranger = await OldClient.open(browser, chat, sites[2], '/ws/chat/admin/dummy/');
  expect(await stranger.opened()).toBe('error');
  const fetched = await stranger.page.evaluate(
    (url) =>
      fetch(url).then(
        () => 'read',
        () => 'refused',
      ),
    `http://localhost:${chat.port}/api/users/`,
  );
  expect(fetched).toBe('refused');
});
