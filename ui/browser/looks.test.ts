// How the embedded chat looks: what the host chooses, its language, contrast, accessibility. Pictures for those who ask.

import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import * as launcher from '../words/launcher.ts';
import { violations } from './axe.ts';
import { Agent, screenshot } from './people.ts';
import { Shopper } from './shop.ts';
import { test } from './shop-fixture.ts';

let visitors = 0;
function somebody(): string {
  visitors += 1;
  return `looker${visitors}@example.com`;
}

/** What the server says of the widget, as a host that configured it would. */
async function served(context: BrowserContext, config: object): Promise<void> {
  await context.route('**/api/widget', async (route) => route.fulfill({ response: await route.fetch(), json: config }));
}

/** In the page and in the panel, when nothing moves any more. */
async function violationsWithin(page: Page): Promise<string[]> {
  const found = [];
  for (const frame of page.frames()) found.push(...(await violations(frame, ['iframe'])));
  return found;
}

test.for([
  ['light', 'ltr', 1440, 900],
  ['dark', 'ltr', 1440, 900],
  ['light', 'rtl', 768, 1024],
  ['dark', 'rtl', 390, 844],
  ['light', 'ltr', 320, 640],
] as const)(
  'nothing to object to on the page around: %s, %s, %i px',
  async ([colorScheme, dir, width, height], { people, shop }) => {
    const arabic = dir === 'rtl';
    const context = await people.someone({
      colorScheme,
      viewport: { width, height },
      reducedMotion: 'reduce',
      locale: arabic ? 'ar' : 'en',
    });
    if (arabic) {
      await context.addInitScript(() => {
        if (window.parent !== window) return;
        document.addEventListener('DOMContentLoaded', () =>
          Object.assign(document.documentElement, { lang: 'ar', dir: 'rtl' }),
        );
      });
    }
    const shot = (name: string) => screenshot(page, `look-${name}-${width}-${colorScheme}-${dir}`);
    const page = await context.newPage();
    await page.goto(shop.origin);
    const button = page.getByRole('button', { name: arabic ? launcher.ar.launcher : launcher.en.launcher });
    await button.waitFor();
    expect(await violationsWithin(page)).toEqual([]);
    await shot('closed');
    await button.click();
    const panel = page.getByTitle(arabic ? launcher.ar.panel : launcher.en.panel).contentFrame();
    await panel.getByRole('textbox').waitFor();
    expect(await violationsWithin(page)).toEqual([]);
    await shot('welcome');
    const email = somebody();
    await panel.getByRole('textbox').fill(email);
    await panel.getByRole('textbox').press('Enter');
    await panel.getByRole('log').waitFor({ state: 'attached' });
    await panel.getByRole('heading', { level: 2 }).waitFor();
    expect(await violationsWithin(page)).toEqual([]);
    await shot('greeting');
    await panel.getByRole('textbox').fill(arabic ? 'هل لديكم هذا المصباح؟' : 'Do you have this lamp in **green**?');
    await panel.getByRole('textbox').press('Enter');
    const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
    await agent.open(email);
    await agent.say('We do: https://example.com/lamps');
    await panel.getByRole('log').getByRole('link').waitFor();
    await panel.getByRole('textbox').fill('…');
    expect(await violationsWithin(page)).toEqual([]);
    await shot('talk');
  },
);

test('what the server has chosen holds, and what the page says goes before it', async ({ people, shop }) => {
  const context = await people.someone({ colorScheme: 'light' });
  await served(context, {
    accent: '#0f766e',
    side: 'start',
    offset: { inline: 12, block: 80 },
    icon: 'mail',
    theme: 'dark',
    zIndex: 77,
    title: 'Lamps & Co',
    greeting: 'Which lamp is it?',
    intro: 'We answer from our workshop.',
    launcher: 'Ask us',
    lang: 'de',
  });
  const page = await context.newPage();
  await page.goto(shop.origin);
  const drawn = (name: string) =>
    page.getByRole('button', { name }).evaluate((button) => {
      const { left, right, bottom } = button.getBoundingClientRect();
      const host = (button.getRootNode() as ShadowRoot).host;
      const style = getComputedStyle(host);
      return {
        accent: getComputedStyle(button).backgroundColor,
        left,
        right: innerWidth - right,
        below: innerHeight - bottom,
        icon: button.querySelector('svg')?.getAttribute('class'),
        zIndex: style.zIndex,
        scheme: style.colorScheme,
        lang: (host as HTMLElement).lang,
      };
    });
  await page.getByRole('button', { name: 'Ask us' }).waitFor();
  await expect
    .poll(() => drawn('Ask us'))
    .toMatchObject({
      accent: 'rgb(15, 118, 110)',
      left: 12,
      below: 80,
      icon: 'mail',
      zIndex: '77',
      scheme: 'dark',
      lang: 'de',
    });
  await page.getByRole('button', { name: 'Ask us' }).click();
  const panel = page.getByTitle('Lamps & Co').contentFrame();
  await panel.getByRole('heading', { name: 'Which lamp is it?' }).waitFor();
  await panel.getByText('We answer from our workshop.').waitFor();
  await panel
    .getByRole('button', { name: 'Chat starten' })
    .or(panel.getByRole('button', { name: 'Chat beginnen' }))
    .waitFor();
  expect(await panel.locator('html').getAttribute('lang')).toBe('de');

  await new Shopper(page).call('boot', {
    accent: '#ffd84d',
    side: 'end',
    offset: { inline: 30, block: 40 },
    icon: 'question',
    theme: 'light',
    zIndex: 88,
    title: 'Shop',
    greeting: 'Hello there.',
    intro: 'Ask away.',
    launcher: 'Questions',
    lang: 'fr',
  });
  await page.getByTitle('Shop').contentFrame().getByRole('heading', { name: 'Hello there.' }).waitFor();
  const french = page.getByTitle('Shop').contentFrame();
  await expect.poll(() => french.locator('html').getAttribute('lang')).toBe('fr');
  await page.getByRole('button', { name: launcher.fr.close }).waitFor();
  await expect
    .poll(() => drawn(launcher.fr.close))
    .toMatchObject({
      accent: 'rgb(255, 216, 77)',
      right: 30,
      below: 40,
      icon: 'question',
      zIndex: '88',
      scheme: 'light',
      lang: 'fr',
    });
  await page.getByRole('button', { name: launcher.fr.close }).click();
  await page.getByRole('button', { name: 'Questions' }).waitFor();
});

test('a page chooses a language among those that the server allows', async ({ people, shop }) => {
  const context = await people.someone({ locale: 'fr' });
  await served(context, { lang: 'de', languages: ['de', 'ja'] });
  const page = await context.newPage();
  await page.goto(shop.origin);
  await page.getByRole('button', { name: launcher.de.launcher, exact: true }).waitFor();
  const shopper = new Shopper(page);
  await shopper.call('boot', { lang: 'ja' });
  await page.getByRole('button', { name: launcher.ja.launcher, exact: true }).click();
  const panel = page.getByTitle(launcher.ja.panel).contentFrame();
  await expect.poll(() => panel.locator('html').getAttribute('lang')).toBe('ja');
  await shopper.call('boot', { lang: 'es' });
  await expect.poll(() => page.locator('iframe').contentFrame().locator('html').getAttribute('lang')).toBe('de');
  await page.getByRole('button', { name: launcher.de.close }).first().waitFor();
});

const { en, ...others } = launcher;

test.for(Object.entries(others))(
  'the launcher and the panel speak %s, as the page boots it',
  async ([lang, words], { people, shop }) => {
    const context = await people.someone({ locale: 'en' });
    const email = somebody();
    await context.addInitScript(
      (options) => {
        if (window.parent === window)
          Object.assign(window, { Minicom: Object.assign(() => {}, { q: [['boot', options]] }) });
      },
      { lang, email },
    );
    const page = await context.newPage();
    let frames = 0;
    page.on('frameattached', () => {
      frames += 1;
    });
    await page.goto(shop.origin);
    const button = page.getByRole('button', { name: words.launcher, exact: true });
    await button.waitFor();
    // Without the panel.
    expect(frames).toBe(0);
    await button.click();
    await page.getByRole('dialog', { name: words.panel }).waitFor();
    const panel = page.getByTitle(words.panel).contentFrame();
    await panel.getByRole('button', { name: words.close }).waitFor();
    expect(await panel.locator('html').getAttribute('lang')).toBe(lang);
    await page.getByRole('button', { name: words.close }).last().click();
    await button.waitFor();
  },
);

test('a language that cannot be had is English', async ({ browser, people, shop }) => {
  // Not watched: the browser reports the refusal in its console, and here it is the point.
  const context = await browser.newContext({ locale: 'de' });
  await context.route('**/assets/launcher/*.json', (route) => route.fulfill({ status: 404 }));
  const german = await context.newPage();
  await german.goto(shop.origin);
  await german.getByRole('button', { name: en.launcher }).waitFor();
  await context.close();
  const page = await (await people.someone({ locale: 'tlh' })).newPage();
  await page.goto(shop.origin);
  await page.getByRole('button', { name: en.launcher }).waitFor();
});

test.for(['light', 'dark'] as const)(
  'text is legible on any accent, and in it: %s',
  async (colorScheme, { people, shop }) => {
    const context = await people.someone({ colorScheme, reducedMotion: 'reduce' });
    const shopper = await Shopper.arrive(context, shop.origin);
    await shopper.introduce(somebody());
    await shopper.say('see https://example.com');
    await shopper.sent.waitFor();
    await shopper.composer.fill('text');
    let seed = 20_260_131;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return `#${(seed % 0x1000000).toString(16).padStart(6, '0')}`;
    };
    const accents = ['#000000', '#ffffff', '#777777', '#ffff00', '#00ff00', '#ff0000', '#0000ff', '#00ffff', '#ff00ff'];
    for (let n = 0; n < 60; n += 1) accents.push(random());
    /** Pairs of computed colours, from 0 to 21. */
    const contrasts = (element: Element, pairs: [string, string][]) => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const probe = document.createElement('span');
      element.append(probe);
      const luminance = (colour: string) => {
        probe.style.color = colour;
        if (!canvas) return Number.NaN;
        canvas.fillStyle = getComputedStyle(probe).color;
        canvas.fillRect(0, 0, 1, 1);
        const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
          const value = part / 255;
          return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const found = pairs.map(([a, b]) => {
        const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
        return (light + 0.05) / (dark + 0.05);
      });
      probe.remove();
      return found;
    };
    const own: [string, string][] = [
      ['var(--on-accent)', 'var(--accent)'],
      ['var(--on-accent)', 'var(--accent-hover)'],
      ['var(--on-accent)', 'var(--accent-pressed)'],
      ['var(--accent-text)', 'var(--surface)'],
      ['var(--accent-text)', 'var(--surface-raised)'],
      ['var(--accent-text)', 'var(--accent-tint)'],
    ];
    const root = shopper.panel.locator('#app');
    const wrong: string[] = [];
    for (const accent of accents) {
      await shopper.call('update', { accent });
      await expect
        .poll(() => root.evaluate((element) => getComputedStyle(element).getPropertyValue('--accent')))
        .toBe(accent);
      const inPanel = await root.evaluate(contrasts, own);
      const { color, backgroundColor } = await shopper.launcher.evaluate((button) => {
        const { color, backgroundColor } = getComputedStyle(button);
        return { color, backgroundColor };
      });
      const onLauncher = await shopper.launcher.evaluate(contrasts, [[color, backgroundColor]] as [string, string][]);
      // Eight bits a channel are rounded.
      [...inPanel, ...onLauncher].forEach((contrast, pair) => {
        if (contrast < 4.48) wrong.push(`${accent} ${own[pair]?.join(' on ') ?? 'launcher'}: ${contrast.toFixed(2)}`);
      });
    }
    expect(wrong).toEqual([]);
  },
);

test('“Reconnecting…” stands above the first words of a short talk, not over them', async ({ people, shop }) => {
  for (const width of [1280, 320]) {
    const context = await people.someone({ viewport: { width, height: 700 }, reducedMotion: 'reduce' });
    let cut = () => {};
    let through = true;
    await context.routeWebSocket(/\/ws\//, (socket) => {
      if (!through) {
        void socket.close({ code: 1013, reason: 'try_again' });
        return;
      }
      socket.connectToServer();
      cut = () => void socket.close({ code: 1013, reason: 'try_again' });
    });
    const shopper = await Shopper.arrive(context, shop.origin);
    await shopper.introduce(somebody());
    await shopper.say('hello');
    await shopper.sent.waitFor();
    through = false;
    cut();
    const notice = shopper.panel.getByText('Reconnecting…');
    await notice.waitFor();
    const bottom = await notice.evaluate((line) => line.getBoundingClientRect().bottom);
    const first = await shopper.panel.getByText('This is the beginning of your conversation.').evaluate((line) => {
      const words = document.createRange();
      words.selectNodeContents(line);
      return words.getBoundingClientRect().top;
    });
    expect(bottom).toBeLessThanOrEqual(first);
    await screenshot(shopper.page, `shop-reconnecting-${width}`);
    through = true;
  }
});
