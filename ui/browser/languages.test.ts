// The pages in other languages: from the address or the browser, mirrored where one writes from the right, and without a
// word that escaped translation.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { words as arDesk } from '../words/ar.ts';
import { words as arShared } from '../words/shared/ar.ts';
import { words as de } from '../words/shared/de.ts';
import { words as ja } from '../words/shared/ja.ts';
import { test } from './fixture.ts';
import { screenshot } from './people.ts';
import { say } from './seed.ts';
import { Server } from './server.ts';

const ar = { ...arShared, ...arDesk };
const ANN = 'ann@example.com';

/** Texts and names on the page that are neither ours in brackets nor somebody's own words. */
async function unbracketed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // Names, messages, times and keys are not ours to translate.
    const OTHERS = '[dir="auto"], bdi, time, kbd, .face, noscript, script, style, textarea, mark';
    const ours = (text: string) => /^\s*(\[[\s\S]*\])?\s*$/.test(text) || !/\p{L}/u.test(text);
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.nodeValue ?? '';
      if (!ours(text) && !node.parentElement?.closest(OTHERS)) found.push(text);
    }
    for (const name of ['aria-label', 'placeholder', 'alt', 'title']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        const text = element.getAttribute(name) ?? '';
        const time = name === 'title' && element.matches('time, .bubble');
        const example = name === 'placeholder' && element.matches('[type=email]');
        if (!time && !example && !ours(text)) found.push(`${name}: ${text}`);
      }
    }
    if (!/^(\(\[\d+\]\) |\(\d+\) )?\[.*\]$/.test(document.title)) found.push(`title: ${document.title}`);
    return found;
  });
}

test('no word of the visitor’s page is left outside the message files', async ({ browser, people, server }) => {
  const context = await people.someone();
  const page = await context.newPage();
  await page.goto(`${server.origin}/?lang=en-XA`);
  await page.getByRole('button', { name: '[Stárt cháttíng]' }).click();
  await page.getByRole('alert').waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await page.getByRole('textbox', { name: '[Yóúr émáíl]' }).fill(ANN);
  await page.getByRole('button', { name: '[Stárt cháttíng]' }).click();
  await page.getByText('[Wríté yóúr qúéstíón', { exact: false }).waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await say(browser, server, [{ by: 'admin/bo', to: ANN, text: 'hello' }]);
  await page.getByRole('textbox', { name: '[Mésságé]' }).fill('hi there');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: '[Sént]' }).waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await people.complaints.whileServerIsAway(async () => {
    await server.kill();
    await page.getByText('[Récónnéctíng…]').waitFor();
    expect(await unbracketed(page)).toEqual([]);
    await server.up();
    await page.getByText('[Récónnéctíng…]').waitFor({ state: 'detached' });
  });
});

test('no word of the desk is left outside the message files', async ({ browser, people, server }) => {
  const page = await (await people.someone({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(`${server.origin}/desk?lang=en-XA`);
  await page.getByText('[Nó cónvérsátíóns yét]').waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await say(browser, server, [{ by: `user/${ANN}`, text: 'where are my invoices' }]);
  await page.getByRole('link', { name: ANN }).waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await page.getByRole('link', { name: ANN }).click();
  await page.getByRole('complementary', { name: '[Détáíls]' }).waitFor();
  await page.getByRole('textbox', { name: '[Mésságé]' }).fill('here');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: '[Sént]' }).waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: '[Cómmánds]' }).waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '[Kéybóárd shórtcúts]' }).waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('invoices');
  await screenshot(page, 'desk-pseudo-search');
  await page.getByRole('list', { name: '[Séárch résúlts]' }).getByRole('link').waitFor();
  expect(await unbracketed(page)).toEqual([]);
  await page.keyboard.type('nowhere');
  await page.getByRole('heading', { name: '[Nóthíng fóúnd]' }).waitFor();
  expect(await unbracketed(page)).toEqual([]);
});

test('the browser’s language is spoken, in the reader’s time zone', async ({ people, server }) => {
  const context = await people.someone({ locale: 'de-AT', timezoneId: 'Asia/Kathmandu' });
  const page = await context.newPage();
  await page.goto(`${server.origin}/`);
  await page.getByRole('heading', { name: de.writeToUs }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de-AT');
  await page.getByRole('textbox', { name: de.yourEmail }).fill(ANN);
  await page.getByRole('button', { name: de.startChatting }).click();
  await page.getByRole('textbox', { name: de.message }).fill('Hallo');
  await page.keyboard.press('Enter');
  const time = page.getByRole('log').getByRole('time').last();
  await time.waitFor();
  const expected = await time.evaluate((element) =>
    new Intl.DateTimeFormat('de-AT', { hour: 'numeric', minute: '2-digit', timeZone: 'Asia/Kathmandu' }).format(
      new Date(element.getAttribute('datetime') ?? ''),
    ),
  );
  expect(await time.textContent()).toBe(expected);
  expect(await page.getByRole('log').getByText('Heute').count()).toBe(1);
  await screenshot(page, 'visitor-de');
});

test('what the address asks for goes before the browser’s language', async ({ people, server }) => {
  const page = await (await people.someone({ locale: 'de' })).newPage();
  await page.goto(`${server.origin}/?lang=ja`);
  await page.getByRole('button', { name: ja.startChatting }).waitFor();
  await screenshot(page, 'welcome-ja');
  await page.goto(`${server.origin}/?lang=tlh`);
  await page.getByRole('button', { name: de.startChatting }).waitFor();
});

test('nothing is spoken but what the host allows', async ({ people }) => {
  const server = await Server.start('--widget-languages', 'de,ja');
  try {
    for (const [locale, address, lang] of [
      ['de-AT', '/', 'de-AT'],
      ['fr', '/', 'de'],
      ['fr', '/?lang=ja', 'ja'],
      ['ja', '/?lang=fr', 'ja'],
    ] as const) {
      const page = await (await people.someone({ locale })).newPage();
      await page.goto(`${server.origin}${address}`);
      const words = lang === 'ja' ? ja : de;
      await page.getByRole('button', { name: words.startChatting }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang), `${locale} ${address}`).toBe(lang);
    }
  } finally {
    await server.remove();
  }
});

test.for(['light', 'dark'] as const)(
  '17: in Arabic everything is mirrored, %s',
  async (colorScheme, { browser, people, server }) => {
    await say(browser, server, [
      { by: `user/${ANN}`, text: 'Where are my invoices?\n\n- one\n- two' },
      { by: 'user/basma@example.com', text: 'مرحبًا، أين أجد فواتيري؟\n\n- الأولى\n- الثانية' },
      { by: 'admin/bo', to: 'basma@example.com', text: 'تحت **الإعدادات**: https://example.com/الفواتير' },
    ]);
    const context = await people.someone({ viewport: { width: 1440, height: 900 }, colorScheme });
    const desk = await context.newPage();
    await desk.goto(`${server.origin}/desk?lang=ar`);
    await desk.getByRole('link', { name: 'basma@example.com' }).click();
    expect(await desk.evaluate(() => document.documentElement.dir)).toBe('rtl');
    const inbox = await desk.getByRole('navigation', { name: ar.conversations }).boundingBox();
    const details = desk.getByRole('complementary', { name: ar.details });
    await details.waitFor();
    expect(inbox?.x).toBe(1440 - 340);
    expect((await details.boundingBox())?.x).toBe(0);
    // The agent's own words stand at the end side, which is the left one.
    await desk.getByRole('log').getByText('الإعدادات').waitFor();
    const mine = await desk.getByRole('log').getByText('الإعدادات').boundingBox();
    const theirs = await desk.getByRole('log').getByText('الأولى').boundingBox();
    expect(mine && theirs && mine.x < theirs.x).toBe(true);
    await screenshot(desk, `desk-ar-${colorScheme}`);

    for (const width of [320, 390]) {
      const phone = await people.someone({
        viewport: { width, height: 800 },
        hasTouch: true,
        isMobile: true,
        colorScheme,
      });
      const page = await phone.newPage();
      await page.goto(`${server.origin}/?lang=ar`);
      await page.getByRole('textbox', { name: ar.yourEmail }).fill('basma@example.com');
      await screenshot(page, `welcome-ar-${width}-${colorScheme}`);
      await page.getByRole('button', { name: ar.startChatting }).click();
      await page.getByRole('log').getByText('الإعدادات').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      await screenshot(page, `visitor-ar-${width}-${colorScheme}`);
    }
  },
);
