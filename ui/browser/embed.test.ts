// The chat on a page of another site: the shop of the example carries the desk's widget under a strict policy. In the
// names, the numbers of the behaviours that a test proves.

import type { BrowserContextOptions } from 'playwright-core';
import { expect } from 'vitest';
import { screenshot } from './people.ts';
import { Shop, Shopper } from './shop.ts';
import { test } from './shop-fixture.ts';

const BEN = 'ben@example.com';
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

/** Tests share the desk, so each visitor is somebody new. */
let visitors = 0;
function somebody(): string {
  visitors += 1;
  return `visitor${visitors}@example.com`;
}

test('before the visitor opens the chat nothing is stored, framed or connected', async ({ people, shop }) => {
  const context = await people.someone();
  const asked: string[] = [];
  const sockets: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  context.on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())));
  const shopper = await Shopper.arrive(context, shop.origin);
  // Long enough for whatever would follow by itself.
  await shopper.page.waitForTimeout(1_500);
  expect(await shopper.frame.count()).toBe(0);
  expect(shopper.page.frames()).toHaveLength(1);
  expect(sockets).toEqual([]);
  expect(asked.filter((path) => !/^.(shop|lamp)/.test(path)).sort()).toEqual(['/', '/api/widget', '/widget.js']);
  const { cookies, origins } = await context.storageState({ indexedDB: true });
  expect([cookies, origins]).toEqual([[], []]);
  expect(
    await shopper.page.evaluate(async () => [
      localStorage.length,
      sessionStorage.length,
      (await indexedDB.databases()).length,
    ]),
  ).toEqual([0, 0, 0]);
  expect(await shopper.launcher.getAttribute('aria-expanded')).toBe('false');
  await screenshot(shopper.page, 'shop-launcher');
});

test('1, 2, 12: a visitor of another site talks with the desk; the counts clear when he looks', async ({
  people,
  shop,
  agentWith,
}) => {
  const email = somebody();
  const shopper = await Shopper.arrive(await people.someone(), shop.origin);
  await shopper.open();
  await shopper.panel.getByRole('textbox', { name: 'Your email' }).waitFor();
  await screenshot(shopper.page, 'shop-welcome');
  await shopper.giveEmail(email);
  await shopper.say('Do you ship to Norway?');
  await shopper.sent.waitFor();
  const agent = await agentWith(email);
  await shopper.seen.waitFor();
  await agent.say('Yes, within a week.');
  await shopper.message('Yes, within a week.').waitFor();
  await agent.seen.waitFor();
  await screenshot(shopper.page, 'shop-talk');

  await shopper.launcher.click();
  await shopper.dialog.waitFor({ state: 'hidden' });
  await agent.say('And we pay the duty.');
  await shopper.page.getByRole('button', { name: 'Chat with us, 1 unread message' }).waitFor();
  await expect.poll(() => shopper.page.title()).toBe('(1) Lamps');
  // The page may have a word of its own about its title; the count stays before it.
  await shopper.page.evaluate(() => {
    document.title = 'More lamps';
  });
  await expect.poll(() => shopper.page.title()).toBe('(1) More lamps');
  await agent.say('Always.');
  await shopper.page.getByRole('button', { name: 'Chat with us, 2 unread messages' }).waitFor();
  await expect.poll(() => agent.log.getByRole('img', { name: 'Sent' }).count()).toBe(1);
  await screenshot(shopper.page, 'shop-unread');

  await shopper.launcher.click();
  await agent.seen.waitFor();
  await expect.poll(() => shopper.page.title()).toBe('More lamps');
  expect(await shopper.launcher.getAttribute('aria-expanded')).toBe('true');
});

test('13: Esc closes, in the panel and on the launcher, and the focus returns to the launcher', async ({
  people,
  shop,
}) => {
  const shopper = await Shopper.arrive(await people.someone(), shop.origin);
  await shopper.introduce(somebody());
  const launcherHasFocus = () =>
    shopper.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-expanded'));
  await expect.poll(() => shopper.composer.evaluate((field) => document.activeElement === field)).toBe(true);
  await shopper.composer.press('Escape');
  await shopper.dialog.waitFor({ state: 'hidden' });
  expect(await launcherHasFocus()).toBe('false');
  await shopper.page.keyboard.press('Enter');
  await shopper.dialog.waitFor();
  await expect.poll(() => shopper.composer.evaluate((field) => document.activeElement === field)).toBe(true);
  await shopper.launcher.focus();
  await shopper.page.keyboard.press('Escape');
  await shopper.dialog.waitFor({ state: 'hidden' });
  expect(await launcherHasFocus()).toBe('false');
});

test('7: two tabs stay equal: messages, what waits, unread count, open and closed', async ({
  people,
  shop,
  agentWith,
}) => {
  const email = somebody();
  const first = await Shopper.arrive(await people.someone(), shop.origin);
  const second = await first.anotherTab();
  await first.introduce(email);
  // The other tab knows at once that it is open, and who it is.
  await second.dialog.waitFor();
  await second.composer.waitFor();
  await first.say('from the first');
  await second.message('from the first').waitFor();
  await second.say('from the second');
  await first.message('from the second').waitFor();
  await second.page.bringToFront();
  await second.launcher.click();
  await second.dialog.waitFor({ state: 'hidden' });
  await first.dialog.waitFor({ state: 'hidden' });
  const agent = await agentWith(email);
  await agent.say('to both');
  for (const tab of [first, second]) {
    await tab.page.getByRole('button', { name: 'Chat with us, 1 unread message' }).waitFor();
    await expect.poll(() => tab.texts()).toEqual(['from the first', 'from the second', 'to both']);
  }
  await second.page.bringToFront();
  await second.launcher.click();
  await agent.seen.waitFor();
  await first.dialog.waitFor();
  await expect.poll(() => first.page.title()).toBe('Lamps');
  await expect.poll(() => second.page.title()).toBe('Lamps');
});

test('8: a draft survives a reload, and the panel stands open again without taking the focus', async ({
  people,
  shop,
}) => {
  const shopper = await Shopper.arrive(await people.someone(), shop.origin);
  await shopper.introduce(somebody());
  await shopper.composer.fill('half a thou');
  await shopper.page.reload();
  await shopper.dialog.waitFor();
  await expect.poll(() => shopper.composer.inputValue()).toBe('half a thou');
  expect(await shopper.page.evaluate(() => document.activeElement === document.body)).toBe(true);
  // Also on the next page.
  await shopper.page.getByRole('link', { name: 'Cart' }).click();
  await expect.poll(() => shopper.composer.inputValue()).toBe('half a thou');
});

test.for([
  [390, 'light'],
  [320, 'dark'],
] as const)(
  '18: on a phone %i px wide it is the whole screen, the page is locked and comes back (%s)',
  async ([width, colorScheme], { people, shop }) => {
    const viewport = { width, height: 700 };
    const shopper = await Shopper.arrive(await people.someone({ ...PHONE, viewport, colorScheme }), shop.origin);
    await shopper.page.evaluate(() => scrollTo(0, 300));
    await screenshot(shopper.page, `shop-phone-${width}-launcher`);
    const email = somebody();
    await shopper.open();
    await shopper.panel.getByRole('textbox', { name: 'Your email' }).waitFor();
    await screenshot(shopper.page, `shop-phone-${width}-welcome`);
    await shopper.giveEmail(email);
    expect(await shopper.dialog.boundingBox()).toEqual({ x: 0, y: 0, width, height: 700 });
    const size = await shopper.composer.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize));
    expect(size).toBeGreaterThanOrEqual(16);
    await shopper.say('Is this lamp in stock?');
    await shopper.sent.waitFor();
    await screenshot(shopper.page, `shop-phone-${width}-talk`);
    const { page } = shopper;
    const scrolls = () => page.evaluate(() => getComputedStyle(document.documentElement).overflowY !== 'hidden');
    expect(await scrolls()).toBe(false);
    expect(await page.evaluate(() => document.body.inert)).toBe(true);
    await shopper.panel.getByRole('button', { name: 'Close the chat' }).click();
    await shopper.dialog.waitFor({ state: 'hidden' });
    expect(await scrolls()).toBe(true);
    expect(await page.evaluate(() => [document.body.inert, scrollY, document.body.style.length])).toEqual([
      false,
      300,
      0,
    ]);
  },
);

test('25: shutdown removes every trace, in the other tab too', async ({ people, shop }) => {
  const context = await people.someone();
  const shopper = await Shopper.arrive(context, shop.origin);
  const email = somebody();
  await shopper.introduce(email);
  await shopper.say('mine alone');
  await shopper.sent.waitFor();
  await shopper.composer.fill('half a thought');
  const other = await shopper.anotherTab();
  await other.composer.waitFor();
  await other.composer.fill('another half');
  const kept = async () => JSON.stringify(await context.storageState({ indexedDB: true }));
  expect(await kept()).toContain(email);

  await shopper.page.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => shopper.page.evaluate(() => document.querySelector('minicom-widget'))).toBe(null);
  const left = () =>
    shopper.page.evaluate(() => [
      document.documentElement.children.length,
      document.title,
      localStorage.length,
      sessionStorage.length,
      document.adoptedStyleSheets.length,
    ]);
  expect(await left()).toEqual([2, 'Lamps', 0, 0, 0]);
  await other.frame.waitFor({ state: 'detached' });
  await expect.poll(kept).not.toContain(email);
  expect(await kept()).not.toContain('minicom');

  // Whoever comes next is asked who he is, in both tabs.
  await shopper.call('boot');
  for (const tab of [shopper, other]) {
    await tab.page.bringToFront();
    await tab.open();
    await tab.panel.getByRole('textbox', { name: 'Your email' }).waitFor();
    await tab.launcher.click();
  }
  await shopper.introduce(BEN);
  await shopper.panel.getByText('Write your question below').waitFor();
  expect(await shopper.composer.inputValue()).toBe('');
});

test('a page of an application: the script twice, boot twice, a body replaced, history; one launcher, one talk', async ({
  people,
  shop,
}) => {
  const shopper = await Shopper.arrive(await people.someone(), shop.origin);
  const { page } = shopper;
  await shopper.introduce(somebody());
  await shopper.say('still here');
  await shopper.sent.waitFor();
  const one = async () => {
    await expect.poll(() => page.evaluate(() => document.querySelectorAll('minicom-widget').length)).toBe(1);
    await shopper.message('still here').waitFor();
    expect(await shopper.launcher.count()).toBe(1);
  };
  await page.evaluate((src) => {
    const script = document.createElement('script');
    // The page's policy asks for trusted scripts; cloning the tag that is there is what a framework does.
    const first = document.querySelector<HTMLScriptElement>('script[async]');
    document.head.append(first?.cloneNode() ?? script, src);
  }, '');
  await shopper.call('boot');
  await shopper.call('boot', {});
  await one();
  await page.evaluate(() => {
    const body = document.createElement('body');
    body.append('another page');
    document.body.replaceWith(body);
    history.pushState(null, '', '/cart');
  });
  await one();
  await page.goBack();
  await one();
  // A framework that owns the whole document may take us out; we come back, and so does the talk.
  await page.evaluate(() => document.querySelector('minicom-widget')?.remove());
  await one();
});

test('a page chooses colour, side, icon, texts and theme, and says who its visitor is', async ({ people, shop }) => {
  const context = await people.someone({ colorScheme: 'light' });
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.call('boot', {
    accent: '#ffd84d',
    side: 'start',
    offset: { inline: 32, block: 40 },
    icon: 'question',
    theme: 'dark',
    title: 'Lamps & Co',
    greeting: 'Which lamp is it?',
    intro: 'We answer from our workshop.',
    email: somebody(),
  });
  await shopper.call('open');
  const panel = shopper.page.getByTitle('Lamps & Co').contentFrame();
  await panel.getByRole('heading', { name: 'Which lamp is it?' }).waitFor();
  await panel.getByRole('heading', { name: 'Lamps & Co' }).waitFor();
  await panel.getByText('We answer from our workshop.').waitFor();
  expect(await panel.getByRole('button', { name: 'Not you?' }).count()).toBe(0);
  await panel.getByRole('textbox', { name: 'Message' }).fill('The tall one');
  await panel.getByRole('textbox', { name: 'Message' }).press('Enter');
  await panel.getByRole('img', { name: 'Sent' }).waitFor();
  const drawn = await shopper.launcher.evaluate((button) => {
    const { color, backgroundColor } = getComputedStyle(button);
    const { left, bottom } = button.getBoundingClientRect();
    return { color, backgroundColor, left, below: innerHeight - bottom };
  });
  expect(drawn).toEqual({
    color: 'color(srgb-linear 0 0 0)',
    backgroundColor: 'rgb(255, 216, 77)',
    left: 32,
    below: 40,
  });
  /** The ground's lightness, from 0 to 1. */
  const ground = () =>
    panel
      .locator('body')
      .evaluate((body) => Number(getComputedStyle(body).backgroundColor.match(/^oklch\(([\d.]+)/)?.[1]));
  expect(await ground()).toBeLessThan(0.3);
  await screenshot(shopper.page, 'shop-customised');
  await shopper.call('update', { theme: 'light', side: 'end' });
  await expect.poll(ground).toBe(1);
});

test('calls before the script wait for it in their order, and events come', async ({ people, shop }) => {
  const context = await people.someone();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const events: unknown[] = [];
    const q = [['on', 'open', () => events.push('open')], ['boot', { hidden: true }], ['open'], ['close']];
    Object.assign(window, { Minicom: Object.assign(() => {}, { q }), events });
  });
  await page.goto(shop.origin);
  const shopper = new Shopper(page);
  await page.waitForFunction(() => document.querySelector('minicom-widget'));
  expect(await shopper.launcher.count()).toBe(0);
  await shopper.call('open');
  await shopper.dialog.waitFor();
  expect(await page.evaluate(() => Reflect.get(window, 'events'))).toEqual(['open']);
  await shopper.call('close');
  await shopper.dialog.waitFor({ state: 'hidden' });
  await shopper.call('show');
  await shopper.launcher.waitFor();
});

test('a token is shown to the server, first thing on the socket, and the page is asked for a fresh one', async ({
  people,
  shop,
}) => {
  const context = await people.someone();
  const bearers: (string | undefined)[] = [];
  const first: string[] = [];
  let hangUp = () => {};
  await context.route('**/api/session', async (route) => {
    bearers.push(route.request().headers().authorization);
    await route.fulfill({ json: { mode: 'session', role: 'user', email: 'ann', name: 'Ann' } });
  });
  await context.routeWebSocket(/\/ws$/, (socket) => {
    hangUp = () => void socket.close({ code: 4401, reason: 'expired' });
    socket.onMessage((data) => {
      const frame = JSON.parse(String(data));
      if (frame.type !== 'auth') return;
      first.push(frame.token);
      const none = { messages: [], events: [], first_seq: 1, last_seq: 0, epoch: null, has_more: false };
      socket.send(JSON.stringify({ type: 'history', email: 'ann', ...none, read: { user: 0, admin: 0 } }));
    });
  });
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.page.evaluate(() => {
    const minicom = Reflect.get(window, 'Minicom') as (...args: unknown[]) => unknown;
    minicom('on', 'token', () => minicom('identify', { token: 'second' }));
    minicom('identify', { token: 'first' });
  });
  await shopper.open();
  await shopper.panel.getByText('Write your question below').waitFor();
  expect(await shopper.panel.getByRole('button', { name: 'Not you?' }).count()).toBe(0);
  hangUp();
  await expect.poll(() => first).toContain('second');
  expect(first[0]).toBe('first');
  await expect.poll(() => bearers).toEqual(['Bearer first', 'Bearer second']);
  expect(await shopper.page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('first');
});

test('under the strictest of common policies, on the same origin: no violation', async ({ people, shop }) => {
  const context = await people.someone();
  const policy =
    "default-src 'self'; script-src 'self'; style-src 'self'; frame-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
  await context.route(`${shop.desk.origin}/home`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': policy },
      body: '<!doctype html><title>Home</title><script src="/widget.js" async></script><h1>Home</h1>',
    }),
  );
  const shopper = await Shopper.arrive(context, `${shop.desk.origin}/home`);
  await shopper.introduce(somebody());
  await shopper.say('from home');
  await shopper.sent.waitFor();
  await shopper.call('shutdown');
});

test('where the browser keeps nothing the chat works all the same', async ({ people, shop }) => {
  const context = await people.someone();
  await context.addInitScript(() => {
    const denied = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
      Object.defineProperty(window, name, { get: denied });
    }
  });
  // Once with storage that throws, once on another site, where this browser refuses it by itself.
  for (const address of [shop.origin, shop.foreign]) {
    const shopper = await Shopper.arrive(context, address);
    await shopper.introduce(somebody());
    await shopper.say('without a trace');
    await shopper.sent.waitFor();
    await shopper.call('shutdown');
  }
});

test('a shop that is not on the list gets no panel, and the page says so', async ({ browser }) => {
  const stranger = await Shop.start(false);
  try {
    const context = await browser.newContext();
    const shopper = await Shopper.arrive(context, stranger.origin);
    await shopper.open();
    await shopper.page.getByText('The chat does not answer.').waitFor({ timeout: 20_000 });
    await screenshot(shopper.page, 'shop-silent');
    await shopper.page.getByRole('button', { name: 'Try again' }).click();
    await shopper.launcher.click();
    await shopper.dialog.waitFor({ state: 'hidden' });
    await context.close();
  } finally {
    await stranger.remove();
  }
});

test.for(['light', 'dark'] as const)('pictures in %s', async (colorScheme, { people, shop, agentWith }) => {
  const context = await people.someone({ colorScheme, viewport: { width: 1440, height: 900 } });
  const shopper = await Shopper.arrive(context, shop.origin);
  const email = somebody();
  await shopper.introduce(email);
  await shopper.say('Do you have this lamp in green?');
  const agent = await agentWith(email);
  await agent.say('We do, and in grey as well. Shall I put one aside for you?');
  await shopper.message('We do, and in grey as well. Shall I put one aside for you?').waitFor();
  await screenshot(shopper.page, `shop-1440-${colorScheme}`);
  await shopper.page.setViewportSize({ width: 768, height: 1024 });
  await screenshot(shopper.page, `shop-768-${colorScheme}`);
});
