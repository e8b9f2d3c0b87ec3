// The shop of the third-party example on a port of its own, and people who visit it with a browser.

import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { saidIn } from './people.ts';
import { example } from './process.ts';
import { freePort, Server } from './server.ts';

const BINARY = process.env.THIRD_PARTY_SITE ? resolve(process.env.THIRD_PARTY_SITE) : 'third-party-site';

export class Shop {
  readonly desk: Server;
  /** Another origin than the desk's, and the same site. */
  readonly origin: string;
  /** By another name, so that the two are different sites: then a browser may refuse the panel all storage. */
  readonly foreign: string;
  #child: ChildProcess;

  private constructor(desk: Server, port: number, child: ChildProcess) {
    this.desk = desk;
    this.origin = `http://127.0.0.1:${port}`;
    this.foreign = `http://localhost:${port}`;
    this.#child = child;
  }

  /** Both servers. `known`: the desk lets this shop in. `options`: the desk's, besides. */
  static async start(known = true, ...options: string[]): Promise<Shop> {
    const port = await freePort();
    const origins = `http://127.0.0.1:${port},http://localhost:${port}`;
    const desk = await Server.start(...(known ? ['--allow-origin', origins] : []), ...options);
    const args = ['--listen', `127.0.0.1:${port}`, '--chat', desk.origin];
    try {
      return new Shop(desk, port, await example(BINARY, args, `http://127.0.0.1:${port}`));
    } catch (error) {
      await desk.remove();
      throw error;
    }
  }

  async remove(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.desk.remove();
  }
}

/** A page with the launcher on it. */
export class Shopper {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async arrive(context: BrowserContext, address: string): Promise<Shopper> {
    const shopper = new Shopper(await context.newPage());
    await shopper.page.goto(address);
    await shopper.launcher.waitFor();
    return shopper;
  }

  /** Whatever it is called just now. */
  get launcher(): Locator {
    return this.page.getByRole('button', { name: /^(Chat with us|Close the chat)/ });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Support chat' });
  }

  get frame(): Locator {
    return this.page.getByTitle('Support chat');
  }

  get panel(): FrameLocator {
    return this.frame.contentFrame();
  }

  get log(): Locator {
    return this.panel.getByRole('log', { name: 'Messages' });
  }

  get composer(): Locator {
    return this.panel.getByRole('textbox', { name: 'Message' });
  }

  get seen(): Locator {
    return this.log.getByRole('img', { name: 'Seen' });
  }

  get sent(): Locator {
    return this.log.getByRole('img', { name: 'Sent' });
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await this.dialog.waitFor();
  }

  /** Opens the chat and says who he is. */
  async introduce(email: string): Promise<void> {
    await this.open();
    await this.giveEmail(email);
  }

  async giveEmail(email: string): Promise<void> {
    await this.panel.getByRole('textbox', { name: 'Your email' }).fill(email);
    await this.panel.getByRole('button', { name: 'Start chatting' }).click();
    await this.composer.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  message(text: string): Locator {
    return this.log.getByText(text, { exact: true });
  }

  get said(): Locator {
    return saidIn(this.log, this.panel);
  }

  async texts(): Promise<string[]> {
    return this.said.allInnerTexts();
  }

  /** `Minicom(command, …)` on the page. */
  async call(...args: unknown[]): Promise<void> {
    await this.page.evaluate(async (args) => {
      const minicom: unknown = Reflect.get(window, 'Minicom');
      if (typeof minicom === 'function') await minicom(...args);
    }, args);
  }

  async anotherTab(): Promise<Shopper> {
    const other = new Shopper(await this.page.context().newPage());
    await other.page.goto(this.page.url());
    await other.launcher.waitFor();
    return other;
  }
}
