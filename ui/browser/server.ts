// Starts the real server binary on a port and a file of its own, kills it without warning, starts it again.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = resolve(
  process.env.SUPPORT_DESK ?? fileURLToPath(new URL('../../target/debug/support-desk', import.meta.url)),
);
const START_MS = 20_000;
const POLL_MS = 50;

export class Server {
  #port: number;
  #directory: string;
  #child: ChildProcess | null = null;
  #binary: string;
  #options: readonly string[];

  private constructor(port: number, binary: string, options: readonly string[]) {
    this.#port = port;
    this.#binary = binary;
    this.#options = options;
    this.#directory = mkdtempSync(join(tmpdir(), 'minicom-browser-'));
  }

  static start(...options: string[]): Promise<Server> {
    return Server.#begin(BINARY, options);
  }

  /** An example beside it that takes the same two options. */
  static startOther(name: string): Promise<Server> {
    return Server.#begin(join(dirname(BINARY), name), []);
  }

  static async #begin(binary: string, options: readonly string[]): Promise<Server> {
    const server = new Server(await freePort(), binary, options);
    try {
      await server.up();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Comes up on the same port with the same file. */
  async up(): Promise<void> {
    // Where a test does not ask for one, nobody answers but people.
    const desk = this.#binary === BINARY && !this.#options.includes('--responder');
    const args = ['--listen', `127.0.0.1:${this.#port}`, '--db', join(this.#directory, 'desk.db'), ...this.#options];
    if (desk) args.push('--responder', 'none');
    const child = spawn(this.#binary, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    let failure: Error | null = null;
    child.on('error', (error) => {
      failure = error;
    });
    this.#child = child;
    const deadline = Date.now() + START_MS;
    while (!(await healthy(this.origin))) {
      if (failure !== null) throw failure;
      if (child.exitCode !== null) throw new Error(`${this.#binary} ended with ${child.exitCode}`);
      if (Date.now() > deadline) throw new Error(`${this.#binary} did not answer in time`);
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  }

  /** As a power cut would: no farewell, nothing flushed. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function healthy(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/healthz`)).ok;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : failed(new Error('no port'))));
    });
  });
}
