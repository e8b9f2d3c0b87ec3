// Several chats on one origin: workspaces by path. What a browser keeps of one (what waits, drafts, who somebody is) is
// neither sent, shown nor forgotten by another, whoever uses both.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import { test as base, removeAfter } from './fixture.ts';
import { Agent, lineOf, Visitor } from './people.ts';
import { Server } from './server.ts';

const ANN = 'ann@example.com';
const BEN = 'ben@example.com';
const WORKSPACES = '[workspaces.lamps]\npath = true\n[workspaces.books]\npath = true\n';

/** Two workspaces of one server. `options`: the server's, besides. */
async function places(...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'minicom-places-'));
  const file = join(folder, 'desk.toml');
  writeFileSync(file, WORKSPACES);
  const server = await Server.start('--config', file, ...options);
  return {
    lamps: `${server.origin}/w/lamps`,
    books: `${server.origin}/w/books`,
    async remove() {
      await server.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

const test = base.extend('shops', async ({ people }, { onCleanup }) => {
  const shops = await places();
  onCleanup(() => removeAfter(people, shops));
  return shops;
});

async function keptSomewhere(context: BrowserContext, text: string): Promise<boolean> {
  return JSON.stringify(await context.storageState({ indexedDB: true })).includes(text);
}

test('what a visitor has said in one workspace waits for that one, whatever he does in another', async ({
  people,
  shops,
}) => {
  const context = await people.someone();
  const line = await lineOf(context, /\/w\/lamps\/ws/);
  line.cut();
  const lamps = await Visitor.arrive(context, shops.lamps, ANN);
  await lamps.say('for lamps alone');
  await lamps.message('for lamps alone').waitFor();
  await lamps.composer.fill('half a thought');
  await lamps.page.close();

  // The same one, who is nobody here yet.
  const books = await Visitor.arrive(context, shops.books, ANN);
  expect([await books.texts(), await books.composer.inputValue()]).toEqual([[], '']);
  await books.say('for books alone');
  await books.stored.waitFor();
  // He leaves, and somebody else sits down; that ends nothing elsewhere.
  const still = await context.newPage();
  await still.goto(`${shops.lamps}/`);
  await still.getByText('for lamps alone', { exact: true }).waitFor();
  await books.page.getByRole('button', { name: 'Not you?' }).click();
  await books.page.getByRole('textbox', { name: 'Your email' }).fill(BEN);
  await books.page.getByRole('button', { name: 'Start chatting' }).click();
  await books.page.getByText(BEN, { exact: true }).waitFor();
  expect(await books.texts()).toEqual([]);
  await expect.poll(() => keptSomewhere(context, 'for books alone')).toBe(false);
  expect(await keptSomewhere(context, 'for lamps alone')).toBe(true);

  const desk = await Agent.arrive(await people.someone(), shops.books);
  await desk.open(ANN);
  await expect.poll(() => desk.texts()).toEqual(['for books alone']);

  line.mend();
  const again = new Visitor(still);
  await again.page.reload();
  await again.stored.waitFor();
  expect(await again.composer.inputValue()).toBe('half a thought');
  const other = await Agent.arrive(await people.someone(), shops.lamps);
  await other.open(ANN);
  await expect.poll(() => other.texts()).toEqual(['for lamps alone']);
  expect(await desk.texts()).toEqual(['for books alone']);
});

test('what an agent has begun or answered at one desk is not at another', async ({ people, shops }) => {
  for (const shop of [shops.lamps, shops.books]) {
    const visitor = await Visitor.arrive(await people.someone(), shop, ANN);
    await visitor.say('hello');
    await visitor.stored.waitFor();
  }
  const context = await people.someone();
  const lamps = await Agent.arrive(context, shops.lamps);
  const line = await lineOf(context, /\/w\/lamps\/ws/);
  line.cut();
  await lamps.open(ANN);
  await lamps.page.reload();
  await lamps.composer.waitFor();
  await lamps.say('an answer about lamps');
  await lamps.message('an answer about lamps').waitFor();
  await lamps.composer.fill('more about lamps');
  await lamps.page.close();

  const books = await Agent.arrive(context, shops.books);
  await books.open(ANN);
  expect([await books.texts(), await books.composer.inputValue()]).toEqual([['hello'], '']);
  await books.say('an answer about books');
  await books.stored.waitFor();

  line.mend();
  const again = await Agent.arrive(context, shops.lamps);
  await again.open(ANN);
  await again.stored.waitFor();
  await expect.poll(() => again.texts()).toEqual(['hello', 'an answer about lamps']);
  expect(await again.composer.inputValue()).toBe('more about lamps');
  expect(await books.texts()).toEqual(['hello', 'an answer about books']);
});

test('a visitor without a name is another one in each workspace, and stays who he is in both', async ({ people }) => {
  const shops = await places('--auth', 'login+visitors');
  try {
    const context = await people.someone();
    const asked: string[] = [];
    context.on('request', (request) => {
      const token = request.headers().authorization;
      if (token) asked.push(`${new URL(request.url()).pathname} ${token}`);
    });
    const visits = [shops.lamps, shops.books, shops.lamps, shops.books];
    for (const [visit, shop] of visits.entries()) {
      const visitor = new Visitor(await context.newPage());
      await visitor.page.goto(`${shop}/`);
      await visitor.composer.waitFor();
      if (visit < 2) await visitor.say(`I was at ${shop}`);
      await visitor.message(`I was at ${shop}`).waitFor();
      await visitor.stored.waitFor();
      expect(await visitor.texts()).toEqual([`I was at ${shop}`]);
      await visitor.page.close();
    }
    // What one knows him by is shown to that one alone.
    const shown = (workspace: string) =>
      new Set(asked.filter((line) => line.startsWith(`/w/${workspace}/`)).map((line) => line.split(' ').at(-1)));
    expect([shown('lamps').size, shown('books').size]).toEqual([1, 1]);
    expect(shown('lamps')).not.toEqual(shown('books'));
  } finally {
    await removeAfter(people, shops);
  }
});

test('who is the same at one place, but of another workspace, finds nothing of the first', async ({ people }) => {
  const server = await Server.start('--auth', 'login+visitors');
  try {
    const context = await people.someone();
    const visitor = new Visitor(await context.newPage());
    const arrive = async () => {
      await visitor.page.goto(`${server.origin}/`);
      await visitor.composer.waitFor();
    };
    await arrive();
    await visitor.composer.fill('half a thought');
    await arrive();
    expect(await visitor.composer.inputValue()).toBe('half a thought');
    // As a host's own session does that knows several.
    await context.route('**/api/session', async (route) => {
      const response = await route.fetch();
      const session = await response.json();
      await route.fulfill({ response, json: { ...session, ...('workspace' in session && { workspace: 'books' }) } });
    });
    await arrive();
    expect(await visitor.composer.inputValue()).toBe('');
    expect(await keptSomewhere(context, 'half a thought')).toBe(false);
  } finally {
    await removeAfter(people, server);
  }
});
