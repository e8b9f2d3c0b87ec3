// The pictures in README and docs: a lamp shop on a weekday morning. Everything in them was said over the wire to a real
// server; only the clock is set, so that not all of it was said within one second.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { test as base, removeAfter } from './fixture.ts';
import { Agent } from './people.ts';
import { say } from './seed.ts';
import { Shop, Shopper } from './shop.ts';

const FOLDER = process.env.PICTURES ?? fileURLToPath(new URL('../../docs/images/', import.meta.url));
const MAX_BYTES = 150 * 1_024;
const QUALITY = 0.92;
const MINUTE_MS = 60_000;
/** What the clock on the wall shows while the pictures are taken, in every time zone. */
const HOUR = 10;

const SHOP = 'Lumen Lamps';
const MAYA = 'maya.lindqvist@example.com';
/** Whom the AI answers, and from which pages. */
const NORA = 'nora.bell@example.com';
const KNOWLEDGE = fileURLToPath(new URL('lamps', import.meta.url));

const OTHERS = [
  ['tomas.reyes@example.com', 'Perfect, it arrived this morning. Thank you for being so quick.', 26 * 60],
  ['priya.nair@example.com', 'Could you send the invoice to our accounting instead?', 190],
  ['jonas.weber@example.com', 'Does the dimmer work with LED bulbs of 4 W?', 74],
  ['aiko.tanaka@example.com', 'I would like to return one of the two shades.', 41],
  ['sam.okafor@example.com', 'Is the floor lamp back in stock in June?', 12],
] as const;

/** Who said it, what, and how many minutes ago. */
const TALK = [
  ['maya', 'Hello, my order **#10482** says *delivered*, but there is nothing at the door.', 9],
  ['us', 'Good morning Maya, I am sorry about that. I am looking at it now.', 7],
  [
    'us',
    'The driver left it at a pick-up point, five minutes from you:\n\n1. Kiosk Linden, Hauptstraße 12\n2. open until `20:00`\n3. bring the code **4417**',
    6,
  ],
  ['maya', 'Ah, that is on my way home. Is there anything to sign?', 4],
  [
    'us',
    'No, the code is enough. [How pick-up works](https://example.com/help/pick-up), if you want to read it first.',
    3,
  ],
  ['maya', 'Great, thank you!', 1],
] as const;

const AGO = new Map<string, number>(OTHERS.map(([email, , minutes]) => [email, minutes]));

interface Said {
  seq: number;
  timestamp: string;
  email?: string;
}

function earlier(said: Said, email: string | undefined): void {
  const minutes = email === MAYA || email === undefined ? TALK[said.seq - 1]?.[2] : AGO.get(email);
  const time = Date.parse(said.timestamp) - (minutes ?? 0) * MINUTE_MS;
  said.timestamp = new Date(time).toISOString().replace('Z', '000+00:00');
}

/** Sets the clock of what the server tells. */
async function setClock(context: BrowserContext): Promise<void> {
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const frame = JSON.parse(String(data));
      for (const message of frame.messages ?? []) earlier(message, message.email);
      for (const row of [...(frame.rows ?? []), ...(frame.row ? [frame.row] : [])]) {
        earlier(row.last_message, row.email);
        row.active_at = row.last_message.timestamp;
      }
      socket.send(JSON.stringify(frame));
    });
  });
}

/** A zone in which it is morning now. `Etc/GMT` counts from the other side. */
function morning(): string {
  const east = ((HOUR - new Date().getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}

const LOOKS_LIKE = ['--widget-title', SHOP, '--widget-greeting', 'Hello. What can we light up?'];

const test = base.extend('shop', async ({ browser, people }, { onCleanup }) => {
  const shop = await Shop.start(true, ...LOOKS_LIKE);
  onCleanup(async () => {
    await people.leave();
    await shop.remove();
  });
  for (const [email, text] of OTHERS) await say(browser, shop.desk, [{ by: `user/${email}`, text }]);
  for (const [who, text] of TALK) {
    await say(browser, shop.desk, [
      who === 'maya' ? { by: `user/${MAYA}`, text } : { by: 'admin/dummy', to: MAYA, text },
    ]);
  }
  return shop;
});

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'));
  const webp = await asWebp(page, await page.screenshot({ caret: 'hide' }));
  expect(webp.length).toBeLessThan(MAX_BYTES);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.webp`), webp);
}

/** The browser takes pictures as PNG, and encodes WebP on a canvas of a page that lets it. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const blank = await page.context().newPage();
  const url = await blank.evaluate(
    async ([png, quality]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: image.width, height: image.height });
      canvas.getContext('2d')?.drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [png.toString('base64'), QUALITY] as const,
  );
  await blank.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

const LOOKS: [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['phone', { colorScheme: 'light', viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }],
];

test.for(LOOKS)('the widget and the desk, %s', async ([name, options], { people, shop }) => {
  const someone = async () => {
    const context = await people.someone({ ...options, reducedMotion: 'reduce', timezoneId: morning() });
    await setClock(context);
    return context;
  };
  const shopper = await Shopper.arrive(await someone(), shop.origin);
  await shopper.launcher.click();
  const panel = shopper.page.getByTitle(SHOP).contentFrame();
  await panel.getByRole('textbox', { name: 'Your email' }).fill(MAYA);
  await panel.getByRole('button', { name: 'Start chatting' }).click();
  await panel.getByRole('link', { name: 'How pick-up works' }).waitFor();
  await panel.getByText('Great, thank you!').waitFor();
  await picture(shopper.page, `widget-${name}`);

  const agent = await Agent.arrive(await someone(), shop.desk.origin);
  await agent.row(MAYA).waitFor();
  if (name === 'phone') await picture(agent.page, 'desk-phone-inbox');
  await agent.open(MAYA);
  await agent.log.getByRole('link', { name: 'How pick-up works' }).waitFor();
  await agent.message('Great, thank you!').waitFor();
  await agent.composer.fill('You are welcome. Enjoy the lamp');
  await picture(agent.page, `desk-${name}`);
});

test.for(LOOKS)('an AI that answers from the shop’s own pages, %s', async ([name, options], { browser, people }) => {
  const shop = await Shop.start(true, ...LOOKS_LIKE, '--responder', 'faq', '--knowledge', KNOWLEDGE);
  try {
    const someone = () => people.someone({ ...options, reducedMotion: 'reduce', timezoneId: morning() });
    const shopper = await Shopper.arrive(await someone(), shop.origin);
    await shopper.launcher.click();
    const panel = shopper.page.getByTitle(SHOP).contentFrame();
    await panel.getByRole('textbox', { name: 'Your email' }).fill(NORA);
    await panel.getByRole('button', { name: 'Start chatting' }).click();
    const field = panel.getByRole('textbox', { name: 'Message' });
    for (const [question, source] of [
      ['Hi, how long is the warranty of a lamp?', 'Warranty'],
      ['And can the linen lamp be dimmed?', 'Bulbs › Dimming'],
    ] as const) {
      await field.fill(question);
      await field.press('Enter');
      await panel.getByRole('link', { name: source }).waitFor();
    }
    await panel.getByRole('button', { name: 'Helpful', exact: true }).last().click();
    await picture(shopper.page, `widget-ai-${name}`);

    await say(browser, shop.desk, [{ by: `user/${OTHERS[3][0]}`, text: 'I want to talk to a person, please.' }]);
    const agent = await Agent.arrive(await someone(), shop.desk.origin);
    await agent.row(OTHERS[3][0]).waitFor();
    await agent.open(NORA);
    await agent.log.getByRole('link', { name: 'Bulbs › Dimming' }).waitFor();
    if (name !== 'phone') await picture(agent.page, `desk-ai-${name}`);
  } finally {
    await removeAfter(people, shop);
  }
});
