// Fills a server quickly: sockets of a page of its own, since what is no page may not connect, with many messages in flight, so that they are committed in
// groups.

import type { Browser } from 'playwright-core';
import type { Server } from './server.ts';

export interface Line {
  /** The path of the socket that says it, such as `user/ann@example.com`. */
  by: string;
  /** Whom an admin answers. */
  to?: string;
  text: string;
}

/** Says all lines, those of one socket in order, those of several at the same time; waits until each is stored. */
export async function say(browser: Browser, server: Server, lines: readonly Line[]): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${server.origin}/`);
  await page.evaluate(async (lines) => {
    // Long ones come back to whoever said them, and a socket that reads too slowly is closed.
    const IN_FLIGHT = lines.some((line) => line.text.length > 1_000) ? 4 : 200;
    const byPath = new Map<string, (typeof lines)[number][]>();
    for (const line of lines) {
      const mine = byPath.get(line.by);
      if (mine) mine.push(line);
      else byPath.set(line.by, [line]);
    }
    const speak = (path: string, mine: readonly (typeof lines)[number][]) =>
      new Promise<void>((done, failed) => {
        const [role = '', email = ''] = path.split('/');
        const address = `ws://${location.host}/ws/chat/${role}/${encodeURIComponent(email)}/`;
        const socket = new WebSocket(address);
        let [sent, stored] = [0, 0];
        const run = crypto.randomUUID();
        const advance = () => {
          while (sent < mine.length && sent - stored < IN_FLIGHT) {
            const line = mine[sent];
            const frame = { type: 'message', to: line?.to, message: line?.text, client_id: `${run}-${sent}` };
            socket.send(JSON.stringify(frame));
            sent += 1;
          }
        };
        socket.onopen = advance;
        socket.onmessage = (event) => {
          const frame = JSON.parse(event.data);
          if (frame.type === 'error') failed(new Error(event.data));
          if (frame.type !== 'ack') return;
          stored += 1;
          if (stored < mine.length) advance();
          else {
            socket.close();
            done();
          }
        };
        socket.onclose = (event) => stored < mine.length && failed(new Error(`closed ${event.code}`));
      });
    const paths = [...byPath];
    for (let i = 0; i < paths.length; i += 50) {
      await Promise.all(paths.slice(i, i + 50).map(([path, mine]) => speak(path, mine)));
    }
  }, lines);
  await page.close();
}

/** A socket that stays, for what is not a message. */
export class Wire {
  #page: Awaited<ReturnType<Browser['newPage']>>;

  private constructor(page: Awaited<ReturnType<Browser['newPage']>>) {
    this.#page = page;
  }

  static async open(browser: Browser, server: Server, path: string): Promise<Wire> {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/`);
    await page.evaluate(
      (url) =>
        new Promise((opened) => {
          const socket = new WebSocket(url);
          Reflect.set(window, 'wire', socket);
          socket.onopen = () => opened(true);
        }),
      `ws://127.0.0.1:${server.port}/ws/chat/${path}/`,
    );
    return new Wire(page);
  }

  async send(frame: object): Promise<void> {
    await this.#page.evaluate((text) => Reflect.get(window, 'wire').send(text), JSON.stringify(frame));
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}
