// What the embedded chat does for its visitor. In the names, the numbers of the behaviours that a test proves.

import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { screenshot } from './people.ts';
import { Shopper } from './shop.ts';
import { test } from './shop-fixture.ts';

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

/** Tests share the desk, so each visitor is somebody new. */
let visitors = 0;
function somebody(): string {
  visitors += 1;
  return `guest${visitors}@example.com`;
}

/** The shop's own pages may keep nothing; the chat's panel may. */
async function withoutStorage(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (window.parent !== window) return;
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
}

/** The shop in a language that runs from the right. */
async function fromTheRight(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (window.parent !== window) return;
    document.addEventListener('DOMContentLoaded', () =>
      Object.assign(document.documentElement, { lang: 'ar', dir: 'rtl' }),
    );
  });
}

test('7: where the page may store nothing, tabs that have the chat stay equal: messages, count, open and closed', async ({
  agentWith,
  people,
  shop,
}) => {
  const context = await people.someone();
  await withoutStorage(context);
  const email = somebody();
  const first = await Shopper.arrive(context, shop.origin);
  await first.introduce(email);
  const second = await first.anotherTab();
  // It cannot know of the other one before it has a panel of its own.
  expect(await second.frame.count()).toBe(0);
  await second.open();
  await second.composer.waitFor();
  await first.say('from the first');
  await second.message('from the first').waitFor();
  await second.page.bringToFront();
  await second.launcher.click();
  for (const tab of [second, first]) await tab.dialog.waitFor({ state: 'hidden' });
  const agent = await agentWith(email);
  await agent.say('to both');
  for (const tab of [first, second]) {
    await tab.page.getByRole('button', { name: 'Chat with us, 1 unread message' }).waitFor();
    await expect.poll(() => tab.texts()).toEqual(['from the first', 'to both']);
  }
  await first.page.bringToFront();
  await first.launcher.click();
  for (const tab of [first, second]) {
    await tab.dialog.waitFor();
    await expect.poll(() => tab.page.title()).toBe('Lamps');
  }
});

test('8: a draft outlives its tab, follows into the others, and is gone from all when it is sent', async ({
  people,
  shop,
}) => {
  const context = await people.someone();
  const first = await Shopper.arrive(context, shop.origin);
  await first.introduce(somebody());
  await first.composer.fill('half a thou');
  await first.page.close();
  const second = await Shopper.arrive(context, shop.origin);
  await expect.poll(() => second.composer.inputValue()).toBe('half a thou');
  const third = await second.anotherTab();
  await expect.poll(() => third.composer.inputValue()).toBe('half a thou');
  await second.composer.fill('half a thought');
  await expect.poll(() => third.composer.inputValue()).toBe('half a thought');
  await second.composer.press('Enter');
  await third.message('half a thought').waitFor();
  await expect.poll(() => third.composer.inputValue()).toBe('');
  const fourth = await second.anotherTab();
  await fourth.message('half a thought').waitFor();
  expect(await fourth.composer.inputValue()).toBe('');
});

test('8: what is begun in two tabs is kept in both', async ({ people, shop }) => {
  const first = await Shopper.arrive(await people.someone(), shop.origin);
  await first.introduce(somebody());
  const second = await first.anotherTab();
  await second.composer.waitFor();
  await first.composer.fill('one');
  await expect.poll(() => second.composer.inputValue()).toBe('one');
  await second.composer.fill('two');
  await expect.poll(() => first.composer.inputValue()).toBe('two');
  await first.composer.fill('one again');
  await second.composer.fill('two again');
  await first.composer.fill('one at last');
  await first.say('sent');
  await second.message('sent').waitFor();
  await first.page.reload();
  await first.message('sent').waitFor();
  expect(await first.composer.inputValue()).toBe('');
});

test('9: Enter sends and Shift+Enter breaks the line; while an input method composes, Enter chooses and does not send', async ({
  people,
  shop,
}) => {
  const context = await people.someone();
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(somebody());
  const { keyboard } = shopper.page;
  await shopper.composer.focus();
  const devtools = await context.newCDPSession(shopper.page);
  await devtools.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  expect(await shopper.composer.inputValue()).toBe('にほん');
  // As an input method lets the page see the Enter that it takes for itself.
  await shopper.composer.evaluate((field) =>
    field.addEventListener('keydown', (event) =>
      Reflect.set(window, 'composing', (event as KeyboardEvent).isComposing),
    ),
  );
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 };
  await devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await expect.poll(() => shopper.composer.evaluate(() => Reflect.get(window, 'composing'))).toBe(true);
  expect(await shopper.composer.inputValue()).toBe('にほん');
  expect(await shopper.said.count()).toBe(0);
  await devtools.send('Input.insertText', { text: '日本' });
  expect(await shopper.composer.inputValue()).toBe('日本');
  await keyboard.press('Shift+Enter');
  await devtools.send('Input.imeSetComposition', { text: 'ご', selectionStart: 1, selectionEnd: 1 });
  await devtools.send('Input.insertText', { text: '語' });
  expect(await shopper.composer.inputValue()).toBe('日本\n語');
  await keyboard.press('Enter');
  await shopper.sent.waitFor();
  expect(await shopper.texts()).toEqual(['日本\n語']);
  expect(await shopper.composer.inputValue()).toBe('');
});

/** What has the focus, through shadow roots and frames, by its name. */
async function focused(page: Page): Promise<string> {
  for (const frame of page.frames().reverse()) {
    const name = await frame.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element || element === document.body || element instanceof HTMLIFrameElement) return '';
      return element.ariaLabel ?? element.textContent ?? '';
    });
    if (name !== '') return name.trim();
  }
  return '';
}

test('14: Tab reaches everything in the panel, in the order of reading, and the launcher after it', async ({
  people,
  shop,
}) => {
  const shopper = await Shopper.arrive(await people.someone(), shop.origin);
  await shopper.introduce(somebody());
  await shopper.composer.fill('text');
  await shopper.panel.getByRole('button', { name: 'Not you?' }).focus();
  const reached = [await focused(shopper.page)];
  for (let step = 0; step < 5; step += 1) {
    await shopper.page.keyboard.press('Tab');
    reached.push(await focused(shopper.page));
  }
  expect(reached).toEqual(['Not you?', 'Conversation', 'Message', 'Send', 'Close the chat', 'Close the chat']);
  expect(await shopper.launcher.evaluate((button) => button.matches(':focus-visible'))).toBe(true);
});

test('14: each message is announced once', async ({ agentWith, people, shop }) => {
  const email = somebody();
  const shopper = await Shopper.arrive(await people.someone(), shop.origin);
  await shopper.introduce(email);
  await shopper.log.evaluate((log) => {
    const added: string[] = [];
    Reflect.set(window, 'added', added);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) added.push(node.textContent ?? '');
    }).observe(log, { childList: true, subtree: true });
  });
  await shopper.say('mine');
  await shopper.sent.waitFor();
  const agent = await agentWith(email);
  await shopper.seen.waitFor();
  await agent.say('theirs');
  await shopper.message('theirs').waitFor();
  await agent.seen.waitFor();
  const added = await shopper.log.evaluate(() => Reflect.get(window, 'added') as string[]);
  for (const text of ['mine', 'theirs']) expect(added.filter((one) => one.includes(text))).toHaveLength(1);
});

test.for([
  ['320 px', { viewport: { width: 320, height: 640 } }],
  ['200 % zoom', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ['400 % zoom', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
] as const)('15: at %s nothing scrolls sideways', async ([_, options], { people, shop }) => {
  const shopper = await Shopper.arrive(await people.someone(options), shop.origin);
  const email = somebody();
  await shopper.open();
  const sideways = async () => {
    const widths = shopper.page.frames().map((frame) =>
      frame.evaluate(() => {
        const scrollers = [...document.querySelectorAll('*')].filter((element) =>
          /auto|scroll/.test(getComputedStyle(element).overflowX),
        );
        return [document.documentElement, ...scrollers].map((element) => element.scrollWidth - element.clientWidth);
      }),
    );
    return Math.max(...(await Promise.all(widths)).flat());
  };
  await shopper.panel.getByRole('textbox', { name: 'Your email' }).waitFor();
  expect(await sideways()).toBe(0);
  await shopper.giveEmail(email);
  await shopper.say(`https://example.com/${'x'.repeat(300)}`);
  await shopper.sent.waitFor();
  expect(await sideways()).toBe(0);
  await shopper.composer.fill('Everything can be reached');
  const send = await shopper.panel.getByRole('button', { name: 'Send' }).boundingBox();
  expect(send && send.x >= 0 && send.x + send.width <= options.viewport.width).toBe(true);
  expect(send && send.y + send.height <= options.viewport.height).toBe(true);
});

test('16: with reduced motion nothing moves', async ({ agentWith, people, shop }) => {
  const context = await people.someone({ reducedMotion: 'reduce' });
  const shopper = await Shopper.arrive(context, shop.origin);
  const moving = async () => {
    const counts = shopper.page.frames().map((frame) =>
      frame.evaluate(() => {
        const roots = [document, document.querySelector('minicom-widget')?.shadowRoot];
        // A thing that only waits to be shown is not moving.
        return roots.flatMap((root) =>
          (root?.getAnimations() ?? []).filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1),
        ).length;
      }),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
  expect(await moving()).toBe(0);
  await shopper.open();
  expect(await moving()).toBe(0);
  const email = somebody();
  await shopper.giveEmail(email);
  await shopper.say('hello');
  expect(await moving()).toBe(0);
  await shopper.sent.waitFor();
  const agent = await agentWith(email);
  await agent.composer.pressSequentially('typing', { delay: 5 });
  await shopper.panel.getByText('is typing').waitFor({ state: 'attached' });
  expect(await moving()).toBe(0);
  await shopper.launcher.click();
  expect(await moving()).toBe(0);
  expect(await shopper.dialog.count()).toBe(0);
});

test.for([
  ['light', '#ffffff'],
  ['dark', '#16171b'],
] as const)('16: %s, as the visitor’s system has it', async ([colorScheme, ground], { people, shop }) => {
  const shopper = await Shopper.arrive(await people.someone({ colorScheme }), shop.origin);
  await shopper.introduce(somebody());
  const asHex = (element: Element) => {
    const context = document.createElement('canvas').getContext('2d');
    if (!context) return '';
    context.fillStyle = getComputedStyle(element).backgroundColor;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  // The frame's own ground and the panel's are the same, so that nothing flashes.
  expect(await shopper.dialog.evaluate(asHex)).toBe(ground);
  expect(await shopper.panel.locator('body').evaluate(asHex)).toBe(ground);
});

test('17: on a page that runs from the right everything is mirrored', async ({ agentWith, people, shop }) => {
  const context = await people.someone({ locale: 'ar' });
  await fromTheRight(context);
  const email = somebody();
  const page = await context.newPage();
  await page.goto(shop.origin);
  const launcher = page.getByRole('button', { name: 'تحدّث معنا' });
  await expect.poll(async () => (await launcher.boundingBox())?.x).toBe(20);
  await launcher.click();
  const dialog = page.getByRole('dialog', { name: 'محادثة الدعم' });
  await dialog.waitFor();
  const panel = page.getByTitle('محادثة الدعم').contentFrame();
  await panel.getByRole('textbox', { name: 'بريدك الإلكتروني' }).fill(email);
  await panel.getByRole('button', { name: 'بدء المحادثة' }).click();
  const composer = panel.getByRole('textbox', { name: 'الرسالة' });
  await composer.fill('مرحبًا');
  await composer.press('Enter');
  const mine = panel.getByRole('log').getByText('مرحبًا', { exact: true });
  await mine.waitFor();
  const agent = await agentWith(email);
  await agent.say('أهلًا وسهلًا');
  const theirs = panel.getByRole('log').getByText('أهلًا وسهلًا', { exact: true });
  await theirs.waitFor();
  await composer.fill('شكرًا');
  await page.waitForFunction(() => document.getAnimations().length === 0);
  const left = async (what: { boundingBox(): Promise<{ x: number } | null> }) => (await what.boundingBox())?.x ?? 0;
  await expect.poll(() => left(dialog)).toBe(20);
  // One's own words stand at the end side, which is the left one here.
  expect(await left(mine)).toBeLessThan(await left(theirs));
  expect(await left(panel.getByRole('button', { name: 'إرسال' }))).toBeLessThan(await left(composer));
  const close = panel.getByRole('button', { name: 'إغلاق المحادثة' });
  expect(await left(close)).toBeLessThan(20 + 200);
  await screenshot(page, 'shop-rtl');
  await close.click();
  await dialog.waitFor({ state: 'hidden' });
  await agent.say('واحدة');
  await page.getByRole('button', { name: 'تحدّث معنا, رسالة واحدة غير مقروءة' }).waitFor();
  await screenshot(page, 'shop-rtl-closed');
});

test('18: on a phone the composer stays above the keyboard, and no field makes the page zoom', async ({
  people,
  shop,
}) => {
  const shopper = await Shopper.arrive(await people.someone(PHONE), shop.origin);
  await shopper.open();
  const email = shopper.panel.getByRole('textbox', { name: 'Your email' });
  const size = (field: Element) => Number.parseFloat(getComputedStyle(field).fontSize);
  expect(await email.evaluate(size)).toBeGreaterThanOrEqual(16);
  await shopper.giveEmail(somebody());
  expect(await shopper.composer.evaluate(size)).toBeGreaterThanOrEqual(16);
  for (let n = 1; n <= 20; n += 1) await shopper.say(`line ${n}`);
  await shopper.message('line 20').waitFor();
  const above = async (height: number) => {
    const field = await shopper.composer.boundingBox();
    const last = await shopper.message('line 20').boundingBox();
    if (!field || !last) return false;
    return field.y + field.height <= height && last.y + last.height <= field.y && last.y >= 0;
  };
  expect(await above(780)).toBe(true);
  // Android takes the keyboard's height off the page.
  await shopper.page.setViewportSize({ width: 390, height: 440 });
  await expect.poll(() => above(440)).toBe(true);
  await screenshot(shopper.page, 'shop-phone-keyboard');
  await shopper.page.setViewportSize({ width: 390, height: 780 });
  // iOS lays it over the page and moves what is left of it.
  await shopper.page.evaluate(() => {
    for (const [name, value] of [
      ['height', 420],
      ['offsetTop', 60],
    ] as const) {
      Object.defineProperty(visualViewport, name, { get: () => value });
    }
    visualViewport?.dispatchEvent(new Event('resize'));
  });
  await expect.poll(() => above(480)).toBe(true);
  expect(await shopper.dialog.boundingBox()).toEqual({ x: 0, y: 60, width: 390, height: 420 });
});

test('20: each message has its time, and days stand apart', async ({ people, shop }) => {
  const context = await people.someone({ locale: 'en-GB', timezoneId: 'Europe/Oslo' });
  const past = new Date(Date.now() - 3 * 86_400_000);
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const frame = JSON.parse(String(data));
      for (const message of frame.messages ?? []) {
        if (message.content === 'long ago') message.timestamp = past.toISOString();
      }
      socket.send(JSON.stringify(frame));
    });
  });
  const shopper = await Shopper.arrive(context, shop.origin);
  await shopper.introduce(somebody());
  await shopper.say('long ago');
  await shopper.say('just now');
  await shopper.sent.waitFor();
  await shopper.page.reload();
  await shopper.message('just now').waitFor();
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'Europe/Oslo' }).format(past);
  const times = shopper.log.getByRole('time');
  const clock = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit', timeZone: 'Europe/Oslo' });
  expect(await times.nth(0).textContent()).toBe(day);
  expect(await times.nth(1).textContent()).toBe(clock.format(past));
  expect(await times.nth(2).textContent()).toBe('Today');
  expect(await times.nth(1).getAttribute('datetime')).toBe(past.toISOString());
  expect(await times.count()).toBe(4);
});

test('25: who is identified as another finds nothing of the former', async ({ people, shop }) => {
  const context = await people.someone();
  const shopper = await Shopper.arrive(context, shop.origin);
  const [former, next] = [somebody(), somebody()];
  await shopper.call('identify', { email: former });
  await shopper.open();
  await shopper.say('mine alone');
  await shopper.sent.waitFor();
  await shopper.composer.fill('half a thought');
  await shopper.call('identify', { email: next });
  await shopper.panel.getByText('Write your question below').waitFor();
  expect(await shopper.composer.inputValue()).toBe('');
  expect(await shopper.message('mine alone').count()).toBe(0);
  await expect.poll(async () => JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain(former);
  await shopper.composer.fill('my own');
  await shopper.page.reload();
  await shopper.call('identify', { email: next });
  await expect.poll(() => shopper.composer.inputValue()).toBe('my own');
});
