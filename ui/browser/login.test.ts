// Agents who sign in with the server's own login: the first owner, wrong passwords, invitations, roles, the way out. A real
// server, the example, whose link for the first owner is read from what it prints.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { login as ar } from '../words/login/ar.ts';
import { violations } from './axe.ts';
import { test as base, removeAfter } from './fixture.ts';
import { Agent, type People, screenshot } from './people.ts';
import { binary } from './process.ts';
import { freePort } from './server.ts';

const PASSWORD = 'three apples and a pear';
const ANN = 'ann@example.com';
const BEN = 'ben@example.com';

class OwnLogin {
  readonly origin: string;
  readonly link: string;
  #child: ChildProcess;
  #folder: string;

  private constructor(child: ChildProcess, folder: string, origin: string, link: string) {
    this.#child = child;
    this.#folder = folder;
    this.origin = origin;
    this.link = link;
  }

  static async start(): Promise<OwnLogin> {
    const folder = mkdtempSync(join(tmpdir(), 'minicom-login-'));
    const address = `127.0.0.1:${await freePort()}`;
    const args = ['--listen', address, '--db', join(folder, 'desk.db')];
    const child = spawn(binary('axum-own-login'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const link = await new Promise<string>((found, failed) => {
      let printed = '';
      child.stdout?.on('data', (more) => {
        printed += more;
        const [, link] = /first owner: (\S+)\n[^\n]*\n/.exec(printed) ?? [];
        if (link) found(link);
      });
      child.on('exit', () => failed(new Error('the example ended')));
      child.on('error', failed);
    });
    return new OwnLogin(child, folder, `http://${address}`, link);
  }

  async remove(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const test = base.extend('own', async ({ people }, { onCleanup }) => {
  const own = await OwnLogin.start();
  onCleanup(() => removeAfter(people, own));
  return own;
});

/** A browser reports refusals in its console, some a moment later; here they are the point. */
function expected<T>(people: People, run: () => Promise<T>): Promise<T> {
  people.complaints.expectRefusals();
  return run();
}

async function enter(page: Page, fields: Record<string, string>, button: string): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.getByLabel(name, { exact: true }).fill(value);
  await page.getByRole('button', { name: button }).click();
}

const atDesk = (page: Page) => page.getByRole('heading', { name: 'Inbox' }).waitFor();

async function firstOwner(context: BrowserContext, own: OwnLogin): Promise<Page> {
  const page = await context.newPage();
  await page.goto(own.link);
  await enter(page, { Email: ANN, Name: 'Ann', Password: PASSWORD }, 'Create the account');
  await atDesk(page);
  return page;
}

/** Makes an invitation at the owner's desk and gives its link. */
async function invite(owner: Page, email: string, role: string): Promise<string> {
  await owner.getByRole('button', { name: 'Agents' }).click();
  const dialog = owner.getByRole('dialog', { name: 'Agents' });
  await dialog.getByLabel('Email').fill(email);
  await dialog.getByLabel('Role', { exact: true }).selectOption(role);
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const link = await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue();
  await owner.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  return link;
}

async function joined(context: BrowserContext, link: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(link);
  await enter(page, { Name: 'Ben', Password: PASSWORD }, 'Join');
  await atDesk(page);
  return page;
}

test('the first owner: the link works once, and its secret leaves the address at once', async ({ people, own }) => {
  const page = await (await people.someone()).newPage();
  await page.goto(own.link);
  await page.getByRole('heading', { name: 'Set up the desk' }).waitFor();
  expect(page.url()).toBe(`${own.origin}/login`);
  await screenshot(page, 'login-set-up');

  await enter(page, { Email: 'ann', Name: '', Password: 'short' }, 'Create the account');
  await page.getByRole('alert').filter({ hasText: 'Enter an email address' }).waitFor();
  await enter(page, { Email: ANN }, 'Create the account');
  await page.getByRole('alert').filter({ hasText: 'Enter a name' }).waitFor();
  await enter(page, { Name: 'Ann' }, 'Create the account');
  await page.getByRole('alert').filter({ hasText: 'fewer than 15 characters' }).waitFor();
  await expected(people, async () => {
    await enter(page, { Password: 'passwordpassword' }, 'Create the account');
    await page.getByRole('alert').filter({ hasText: 'easy to guess' }).waitFor();
  });
  await enter(page, { Password: PASSWORD }, 'Create the account');
  await atDesk(page);
  expect(page.url()).toBe(`${own.origin}/desk`);

  const other = await (await people.someone()).newPage();
  await expected(people, async () => {
    await other.goto(own.link);
    await enter(other, { Email: BEN, Name: 'Ben', Password: PASSWORD }, 'Create the account');
    await other.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
    await screenshot(other, 'login-void');
    await other.getByRole('button', { name: 'Go to the sign-in' }).click();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});

test('where no sign-in would be kept the page says so, and the link is not used up', async ({
  browser,
  people,
  own,
}) => {
  // A browser of its own, which complains that the address is not to be trusted; that is the point.
  const context = await browser.newContext();
  const page = await context.newPage();
  // The same server by an address of which no browser knows that it is this machine, and without TLS.
  await page.goto(own.link.replace('127.0.0.1', '0.0.0.0'));
  await page.getByRole('heading', { name: 'This page needs https' }).waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await screenshot(page, 'login-without-tls');
  await context.close();
  await firstOwner(await people.someone(), own);
});

test('signing in leads back to where one was, and a session lasts', async ({ people, own }) => {
  await firstOwner(await people.someone(), own);
  const context = await people.someone();
  const page = await context.newPage();
  await expected(people, async () => {
    await page.goto(`${own.origin}/desk?inbox=unread#visitor%40example.com`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/login');
    await enter(page, { Email: 'Ann@Example.com', Password: PASSWORD }, 'Sign in');
  });
  await page.getByRole('main', { name: 'Conversation with visitor@example.com' }).waitFor();
  expect(page.url()).toBe(`${own.origin}/desk?inbox=unread#visitor%40example.com`);
  await page.reload();
  await atDesk(page);
  // Who is in has nothing to do at the login.
  await page.goto(`${own.origin}/login`);
  await atDesk(page);
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ name: 'minicom-agent', httpOnly: true, sameSite: 'Lax', path: '/', secure: false });
});

test('a wrong password is said; too many of them are counted down', { timeout: 90_000 }, async ({ people, own }) => {
  await firstOwner(await people.someone(), own);
  const page = await (await people.someone()).newPage();
  const button = page.getByRole('button', { name: 'Sign in' });
  await expected(people, async () => {
    await page.goto(`${own.origin}/login`);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const answered = page.waitForResponse(/api\/login/);
      await enter(page, { Email: ANN, Password: 'not three apples, nor a pear' }, 'Sign in');
      await answered;
      await page.getByRole('alert').filter({ hasText: 'The email or the password is not right' }).waitFor();
    }
    await enter(page, { Password: PASSWORD }, 'Sign in');
    await page
      .getByRole('alert')
      .filter({ hasText: /Too many attempts. You can try again in 1\d s/ })
      .waitFor();
    expect(await button.isDisabled()).toBe(true);
    await screenshot(page, 'login-locked');
    expect(await violations(page)).toEqual([]);
    await page.getByText(/try again in 9 s/).waitFor();
    await expect.poll(() => button.isEnabled()).toBe(true);
    await button.click();
    await atDesk(page);
  });
});

test('an invitation makes an agent, once; what he may is what his role says', async ({ people, own }) => {
  const owner = await firstOwner(await people.someone(), own);
  const link = await invite(owner, BEN, 'agent');
  expect(link).toMatch(new RegExp(`^${own.origin}/login#join=[\\w-]{43}$`));
  const page = await (await people.someone()).newPage();
  await page.goto(link);
  await page.getByText(`The invitation is for ${BEN}`).waitFor();
  expect(page.url()).toBe(`${own.origin}/login`);
  await screenshot(page, 'login-join');
  await enter(page, { Name: 'Ben', Password: PASSWORD }, 'Join');
  await atDesk(page);
  // A plain agent sees neither the AI's settings nor who the agents are, and bans nobody.
  for (const name of ['Agents', 'AI settings']) expect(await page.getByRole('button', { name }).count()).toBe(0);
  await page.keyboard.press('i');
  await page.keyboard.press('m');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.evaluate(() => {
    location.hash = 'cy%40example.com';
  });
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.getByText('Nothing said yet').waitFor();
  const ban = page.getByRole('button', { name: 'Ban' });
  expect(await ban.count()).toBe(0);

  await expected(people, async () => {
    const again = await (await people.someone()).newPage();
    await again.goto(link);
    await again.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  });

  await owner.keyboard.press('m');
  const dialog = owner.getByRole('dialog', { name: 'Agents' });
  // The field shows what was chosen before the server has it.
  const stored = owner.waitForResponse((answer) => answer.request().method() === 'POST');
  await dialog.getByLabel('Role of Ben').selectOption('supervisor');
  expect((await stored).ok()).toBe(true);
  await page.reload();
  await page.getByRole('button', { name: 'AI settings' }).waitFor();
  await ban.waitFor();
  expect(await page.getByRole('button', { name: 'Agents' }).count()).toBe(0);

  // Somebody must be the owner.
  await expected(people, async () => {
    await dialog.getByLabel('Role of Ann').selectOption('agent');
    await dialog.getByRole('alert').filter({ hasText: 'Somebody must be the owner' }).waitFor();
    await expect.poll(() => dialog.getByLabel('Role of Ann').inputValue()).toBe('owner');
  });
  await screenshot(owner, 'desk-agents');
});

test('who is removed is out at once, in every browser', async ({ people, own }) => {
  const owner = await firstOwner(await people.someone(), own);
  const ben = await joined(await people.someone(), await invite(owner, BEN, 'supervisor'));
  await owner.getByRole('button', { name: 'Agents' }).click();
  const dialog = owner.getByRole('dialog', { name: 'Agents' });
  await dialog.getByRole('button', { name: 'Remove Ben' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.getByRole('button', { name: 'Remove Ben' }).click();
  await expected(people, async () => {
    await dialog.getByRole('button', { name: 'Yes, remove' }).click();
    await ben.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter(ben, { Email: BEN, Password: PASSWORD }, 'Sign in');
    await ben.getByRole('alert').filter({ hasText: 'The email or the password is not right' }).waitFor();
  });
  await dialog.getByLabel('Role of Ben').waitFor({ state: 'detached' });

  // An invitation may be taken back.
  await dialog.getByLabel('Email').fill(BEN);
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const link = await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue();
  await dialog.getByRole('button', { name: `Withdraw the invitation of ${BEN}` }).click();
  await dialog.getByRole('list', { name: 'Open invitations' }).waitFor({ state: 'detached' });
  await expected(people, async () => {
    await ben.goto('about:blank');
    await ben.goto(link);
    await ben.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  });
});

test('a password is changed by who knows it, and every other browser is out', async ({ people, own }) => {
  const OTHER = 'two plums and a quince';
  const page = await firstOwner(await people.someone(), own);
  const elsewhere = await (await people.someone()).newPage();
  await expected(people, async () => {
    await elsewhere.goto(`${own.origin}/desk`);
    await enter(elsewhere, { Email: ANN, Password: PASSWORD }, 'Sign in');
    await atDesk(elsewhere);

    await page.keyboard.press('Shift+P');
    await page.getByRole('heading', { name: 'Change your password' }).waitFor();
    await enter(
      page,
      { 'Current password': 'not three apples, nor a pear', 'New password': OTHER },
      'Change the password',
    );
    await page.getByText('This is not your current password.').waitFor();
    await enter(page, { 'Current password': PASSWORD, 'New password': 'short' }, 'Change the password');
    await page.getByText('This password has fewer than 15 characters.').waitFor();
    expect(await violations(page)).toEqual([]);
    await screenshot(page, 'login-password');
    await page.setViewportSize({ width: 320, height: 640 });
    await screenshot(page, 'login-password-320');
    await page.setViewportSize({ width: 1280, height: 720 });
    await enter(page, { 'New password': OTHER }, 'Change the password');
    await atDesk(page);

    await elsewhere.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter(elsewhere, { Email: ANN, Password: PASSWORD }, 'Sign in');
    await elsewhere.getByRole('alert').filter({ hasText: 'The email or the password is not right' }).waitFor();
    await enter(elsewhere, { Password: OTHER }, 'Sign in');
    await atDesk(elsewhere);
  });
  await page.reload();
  await atDesk(page);
});

test('who is not in signs in first, and then is where he was', async ({ people, own }) => {
  await firstOwner(await people.someone(), own);
  const page = await (await people.someone()).newPage();
  await expected(people, async () => {
    await page.goto(`${own.origin}/login#password`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter(page, { Email: ANN, Password: PASSWORD }, 'Sign in');
    await atDesk(page);
  });
});

test('signing out ends every tab and leaves nothing', async ({ people, own }) => {
  const context = await people.someone();
  const page = await firstOwner(context, own);
  await page.goto(`${own.origin}/desk#visitor%40example.com`);
  const agent = new Agent(page);
  await agent.composer.fill('a secret draft');
  await expect.poll(() => page.evaluate(() => JSON.stringify({ ...localStorage }))).toContain('a secret draft');
  const other = await context.newPage();
  await other.goto(`${own.origin}/desk`);
  await atDesk(other);

  await expected(people, async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('sign out');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(page.url()).toBe(`${own.origin}/login`);
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('secret');
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});

test.for([
  ['light', 'en'],
  ['dark', 'ar'],
] as const)('nothing to object to, %s, %s', { timeout: 120_000 }, async ([colorScheme, lang], { people, own }) => {
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
    [320, 640],
  ] as const) {
    const options = { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' } as const;
    await expected(people, async () => {
      const page = await (await people.someone(options)).newPage();
      const check = async (name: string) => {
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
        await screenshot(page, `login-${name}-${width}-${colorScheme}-${lang}`);
      };
      await page.goto(`${own.origin}/login?lang=${lang}`);
      await page.getByRole('button', { name: lang === 'ar' ? ar.signIn : 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
      await check('sign-in');
      await page.goto('about:blank');
      await page.goto(own.link.replace('/login#', `/login?lang=${lang}#`));
      await page.getByRole('heading', { name: lang === 'ar' ? ar.setUpTitle : 'Set up the desk' }).waitFor();
      await check('set-up');
      await page.goto('about:blank');
      await page.goto(`${own.origin}/login?lang=${lang}#join=${'A'.repeat(43)}`);
      await page
        .getByRole('heading', { name: lang === 'ar' ? ar.linkVoid : 'This link does not work any more' })
        .waitFor();
      await check('void');
    });
  }
});

test.for(['light', 'dark'] as const)('nothing to object to in the agents, %s', async (colorScheme, { people, own }) => {
  const context = await people.someone({ colorScheme, reducedMotion: 'reduce' });
  const page = await firstOwner(context, own);
  await invite(page, BEN, 'owner');
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.getByRole('button', { name: 'Agents' }).click();
    const dialog = page.getByRole('dialog', { name: 'Agents' });
    await dialog.getByRole('list', { name: 'Open invitations' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove Ann' }).click();
    expect(await violations(page)).toEqual([]);
    await screenshot(page, `agents-${width}-${colorScheme}`);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
});

test('no word of the login is left outside the message files', async ({ people, own }) => {
  const page = await (await people.someone()).newPage();
  const unbracketed = () =>
    page.evaluate(() => {
      const ours = (text: string | null) => /^\s*(\[[\s\S]*\])?\s*$/.test(text ?? '');
      const texts = [...document.querySelectorAll('main *')].filter((element) => element.children.length === 0);
      return [...texts.map((element) => element.textContent), document.title].filter((text) => !ours(text));
    });
  await page.goto(own.link.replace('/login#', '/login?lang=en-XA#'));
  await page.getByRole('button').click();
  await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
  expect(await unbracketed()).toEqual([]);
});
