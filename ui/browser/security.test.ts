// A page of a second origin, in the browser of somebody who is signed in: what it may not do, and what an allowed one may.

import type { ChildProcess } from 'node:child_process';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { test as base } from './fixture.ts';
import { example } from './process.ts';
import { freePort, Server } from './server.ts';
import { originOf, site } from './site.ts';

const test = base
  .extend('site', { scope: 'file' }, async ({}, { onCleanup }) => {
    const http = await site();
    onCleanup(() => {
      http.close();
    });
    return http;
  })
  .extend('shop', { scope: 'file' }, async ({}, { onCleanup }) => {
    const address = `127.0.0.1:${await freePort()}`;
    const shop: ChildProcess = await example('axum-host-session', [address], `http://${address}`);
    onCleanup(() => {
      shop.kill('SIGKILL');
    });
    return `http://${address}`;
  });

/** Somebody who is signed in at the shop, and has a tab open elsewhere. */
async function signedIn(context: BrowserContext, shop: string, name: string, elsewhere: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(shop);
  await page.getByRole('button', { name: `I am ${name}` }).click();
  await page.getByText('Hello,').waitFor();
  await page.goto(elsewhere);
  return page;
}

function opens(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (url) =>
      new Promise<string>((settle) => {
        const socket = new WebSocket(url);
        socket.onmessage = () => settle('heard');
        socket.onerror = () => settle('refused');
        socket.onclose = ({ code }) => settle(`closed ${code}`);
      }),
    url,
  );
}

/** What a page learns of a request that carries the visitor's cookies: the status, or that it may not know. */
function asks(page: Page, url: string, method: string, mode: 'cors' | 'no-cors' = 'cors'): Promise<string> {
  return page.evaluate(
    async ({ url, method, mode }) => {
      try {
        const response = await fetch(url, { method, mode, credentials: 'include' });
        return `${response.type} ${response.status}`;
      } catch {
        return 'refused';
      }
    },
    { url, method, mode },
  );
}

/** Whether a frame shows the page behind an address. */
async function frames(page: Page, url: string): Promise<boolean> {
  await page.evaluate(async (url) => {
    const frame = document.createElement('iframe');
    const loaded = new Promise((done) => frame.addEventListener('load', done));
    frame.src = url;
    document.body.append(frame);
    await loaded;
  }, url);
  const frame = page.frames().find((frame) => frame.parentFrame() !== null && !frame.isDetached());
  return (await frame?.evaluate(() => location.href).catch(() => '')) === url;
}

test('a page of another origin opens no socket, posts nothing and reads nothing', async ({ browser, shop, site }) => {
  const context = await browser.newContext();
  // Another port is another origin and the same site, so that the cookie goes along: the worst case.
  const page = await signedIn(context, shop, 'ann', originOf(site));
  const chat = `${shop}/chat`;
  expect(await opens(page, `${chat.replace('http', 'ws')}/ws`)).toBe('refused');
  expect(await opens(page, `${chat.replace('http', 'ws')}/ws/chat/user/ann%40example.com/`)).toBe('refused');
  for (const path of ['/api/session', '/api/users/', '/api/widget', '/desk', '/healthz']) {
    expect(await asks(page, `${chat}${path}`, 'GET'), path).toBe('refused');
  }
  // A request without leave sees nothing of its refusal; a form, which takes the cookie along, shows what it was.
  const act = `${chat}/api/chat/user/ann%40example.com/handoff`;
  expect(await asks(page, act, 'POST', 'no-cors')).toBe('refused');
  const submitted = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.evaluate((action) => {
    const form = Object.assign(document.createElement('form'), { action, method: 'post' });
    document.body.append(form);
    form.submit();
  }, act);
  const refusal = await submitted;
  expect(refusal.status()).toBe(403);
  expect((await refusal.request().allHeaders()).cookie).toBeTruthy();

  await page.waitForURL(act);

  // The very same from the shop's own page.
  await page.goto(shop);
  expect(await opens(page, `${chat.replace('http', 'ws')}/ws`)).toBe('heard');
  expect(await asks(page, `${chat}/api/session`, 'GET')).toBe('basic 200');
  expect(await asks(page, act, 'POST')).toMatch(/^basic (204|404)$/);
  await context.close();
});

test('a page of another origin frames neither the desk nor the visitor’s page nor the panel', async ({
  browser,
  shop,
  site,
}) => {
  const context = await browser.newContext();
  for (const path of ['/desk', '/', '/panel', '/api/session', '/healthz']) {
    const page = await signedIn(context, shop, 'ben', originOf(site));
    expect(await frames(page, `${shop}/chat${path}`), path).toBe(false);
    await page.close();
  }
  const own = await signedIn(context, shop, 'ben', shop);
  expect(await frames(own, `${shop}/chat/panel`)).toBe(true);
  await own.close();
  const desk = await signedIn(context, shop, 'ben', shop);
  expect(await frames(desk, `${shop}/chat/desk`)).toBe(false);
  await context.close();
});

test('a page of an allowed origin may do what it is allowed for, and no more', async ({ browser, site }) => {
  const allowed = originOf(site, 'localhost');
  const server = await Server.start('--allow-origin', allowed);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(allowed);
    const chat = `http://localhost:${server.port}`;
    expect(await opens(page, `${chat.replace('http', 'ws')}/ws/chat/user/ann/`)).toBe('heard');
    expect(await asks(page, `${chat}/api/users/`, 'GET')).toBe('cors 200');
    expect(await asks(page, `${chat}/api/chat/user/ann/handoff`, 'POST')).toMatch(/^cors (204|404)$/);
    expect(await frames(page, `${chat}/panel`)).toBe(true);
    await page.goto(allowed);
    expect(await frames(page, `${chat}/desk`)).toBe(false);
    // The same page by its other name is another origin.
    await page.goto(originOf(site));
    expect(await opens(page, `${chat.replace('http', 'ws')}/ws/chat/user/ann/`)).toBe('refused');
    expect(await asks(page, `${chat}/api/users/`, 'GET')).toBe('refused');
  } finally {
    await context.close();
    await server.remove();
  }
});
