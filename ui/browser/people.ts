// A browser with people in it: visitors and agents, each with the handful of things they do. Whatever a page complains
// about (console errors, violations of the content security policy) is collected, and a test ends by finding none.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS, headless: true });
}

export const DESKTOP = { width: 1280, height: 800 };

/** What a page reports through the console when the server is away; only then is it no complaint. */
const NETWORK =
  /ERR_CONNECTION_REFUSED|WebSocket connection|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of (401|503)/;

/** What a page reports when it is told no. */
const REFUSED = /status of (400|401|409|410|429)/;

export class Complaints {
  #found: string[] = [];
  #serverAway = false;
  #refused = false;

  /** Failing connections are expected while `run` lasts. */
  async whileServerIsAway(run: () => Promise<void>): Promise<void> {
    this.#serverAway = true;
    await run();
    this.#serverAway = false;
  }

  /** From here on a page may be told no. */
  expectRefusals(): void {
    this.#refused = true;
  }

  async watch(context: BrowserContext): Promise<void> {
    await context.exposeFunction('reportViolation', (text: string) => this.#found.push(`violation: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const report: unknown = Reflect.get(window, 'reportViolation');
        if (typeof report === 'function') report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      if (this.#serverAway && NETWORK.test(message.text())) return;
      if (this.#refused && REFUSED.test(message.text())) return;
      this.#found.push(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => this.#found.push(`uncaught: ${error.error().message}`));
  }

  get found(): readonly string[] {
    return this.#found;
  }
}

/** The time in the full time of a message, which no port of an address is. */
export const CLOCK = /\d:\d\d(?!\d)/u;

/** Everything that was said in a log of that page or frame; each says when if one points at it, as the time beside an event does. */
export function saidIn(log: Locator, frame: Page | FrameLocator): Locator {
  return log.getByTitle(CLOCK).and(frame.locator(':not(time)'));
}

/** A page with a conversation on it, whichever side it is on. */
class Talk {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  get seen(): Locator {
    return this.log.getByRole('img', { name: 'Seen' });
  }

  /** Stored, read or not. */
  get stored(): Locator {
    return this.log.getByRole('img', { name: /^(Sent|Seen)$/ });
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  get said(): Locator {
    return saidIn(this.log, this.page);
  }

  message(text: string): Locator {
    return this.log.getByText(text, { exact: true });
  }

  /** The texts on the screen, from top to bottom. */
  async texts(): Promise<string[]> {
    return this.said.allInnerTexts();
  }

  /** The message stands above the composer, not behind or below it. */
  async inSight(text: string): Promise<boolean> {
    const [message, field] = [await this.message(text).boundingBox(), await this.composer.boundingBox()];
    return message !== null && field !== null && message.y > 0 && message.y + message.height <= field.y;
  }

  async sidewaysScroll(): Promise<number> {
    return this.page.evaluate(() => {
      const widths = [document.documentElement, ...document.querySelectorAll('*')]
        .filter(
          (element) =>
            ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || element === document.documentElement,
        )
        .map((element) => element.scrollWidth - element.clientWidth);
      return Math.max(...widths);
    });
  }
}

export class Visitor extends Talk {
  static async arrive(context: BrowserContext, origin: string, email: string): Promise<Visitor> {
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(`${origin}/`);
    await visitor.page.getByRole('textbox', { name: 'Your email' }).fill(email);
    await visitor.page.getByRole('button', { name: 'Start chatting' }).click();
    await visitor.composer.waitFor();
    return visitor;
  }

  /** Another tab of the same browser, which knows the visitor already. */
  async anotherTab(): Promise<Visitor> {
    const other = new Visitor(await this.page.context().newPage());
    await other.page.goto(this.page.url());
    await other.composer.waitFor();
    return other;
  }
}

export class Agent extends Talk {
  static async arrive(context: BrowserContext, origin: string): Promise<Agent> {
    const agent = new Agent(await context.newPage());
    await agent.page.goto(`${origin}/desk`);
    await agent.page.getByRole('heading', { name: 'Inbox' }).waitFor();
    return agent;
  }

  row(email: string): Locator {
    return this.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: email });
  }

  async open(email: string): Promise<void> {
    await this.row(email).click();
    await this.page.getByRole('main', { name: `Conversation with ${email}` }).waitFor();
    await this.composer.waitFor();
  }
}

export class People {
  readonly complaints = new Complaints();
  #browser: Browser;
  #contexts: BrowserContext[] = [];

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Someone with a browser of his own. */
  async someone(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext({ viewport: DESKTOP, ...options });
    await this.complaints.watch(context);
    this.#contexts.push(context);
    return context;
  }

  async leave(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }
}

/** The way to sockets, of a page or of all of them, which can be cut, open ones too, and mended. */
export async function lineOf(those: Page | BrowserContext, address = /\/ws/): Promise<{ cut(): void; mend(): void }> {
  let whole = true;
  const open = new Set<() => void>();
  await those.routeWebSocket(address, (socket) => {
    const close = () => void socket.close({ code: 1011, reason: 'cut' });
    if (!whole) return close();
    socket.connectToServer();
    open.add(close);
  });
  return {
    cut() {
      whole = false;
      for (const close of open) close();
      open.clear();
    },
    mend() {
      whole = true;
    },
  };
}

/** Kept for looking at, where somebody asked for it. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
