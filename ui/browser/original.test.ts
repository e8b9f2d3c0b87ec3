// A client of the original protocol, on pages of its own on other ports: only its frames, its path, its cross-origin
// request. What it does not know of ours it ignores.

import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from './people.ts';
import { Server } from './server.ts';

let browser: Browser;
let sites: HttpServer[] = [];
let server: Server;

/** An empty page of another origin. */
async function site(): Promise<HttpServer> {
  const http = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  return http;
}

function originOf(http: HttpServer): string {
  return `http://localhost:${(http.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  browser = await launch();
  sites = [await site(), await site(), await site()];
  const allowed = sites.slice(0, 2).flatMap((http) => ['--allow-origin', originOf(http)]);
  server = await Server.start(...allowed);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
  for (const http of sites) http.close();
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

  static async open(http: HttpServer, path: string): Promise<OldClient> {
    const page = await browser.newPage();
    await page.goto(originOf(http));
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

test('a client written for the original works unchanged, on other ports', async () => {
  const [userSite, adminSite] = sites as [HttpServer, HttpServer];
  const user = await OldClient.open(userSite, '/ws/chat/user/ann%40example.com/');
  const tab = await OldClient.open(userSite, '/ws/chat/user/ann%40example.com/');
  const admin = await OldClient.open(adminSite, '/ws/chat/admin/dummy/');
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
    `http://localhost:${server.port}/api/users/`,
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

test('a page of any other origin gets neither a socket nor the list', async () => {
  const stranger = await OldClient.open(sites[2] as HttpServer, '/ws/chat/admin/dummy/');
  expect(await stranger.opened()).toBe('error');
  const fetched = await stranger.page.evaluate(
    (url) =>
      fetch(url).then(
        () => 'read',
        () => 'refused',
      ),
    `http://localhost:${server.port}/api/users/`,
  );
  expect(fetched).toBe('refused');
});
