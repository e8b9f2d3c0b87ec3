// Servers of the examples besides the desk's own, each a process that a test starts and ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_MS = 20_000;
const BINARIES = process.env.SUPPORT_DESK
  ? resolve(process.env.SUPPORT_DESK, '..')
  : fileURLToPath(new URL('../../target/debug', import.meta.url));

/** An example's file. */
export const binary = (name: string): string => resolve(BINARIES, name);

/** Resolves when the example answers at `origin`. */
export async function example(name: string, args: readonly string[], origin: string): Promise<ChildProcess> {
  const child = spawn(binary(name), args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const deadline = Date.now() + START_MS;
  while (!(await answers(origin))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`${name} did not answer in time`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return child;
}

async function answers(origin: string): Promise<boolean> {
  try {
    return (await fetch(origin)).ok;
  } catch {
    return false;
  }
}
