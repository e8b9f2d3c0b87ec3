// What every browser test stands on: one browser for the file, and for each test its people and its server. Whoever takes
// a server away sends the people home first, so that no page complains of it; the complaints are looked at last.

import { test as base, expect } from 'vitest';
import { launch, People } from './people.ts';
import { Server } from './server.ts';

export const test = base
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launch();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('people', ({ browser }, { onCleanup }) => {
    const people = new People(browser);
    onCleanup(async () => {
      await people.leave();
      expect(people.complaints.found).toEqual([]);
    });
    return people;
  })
  .extend('server', async ({ people }, { onCleanup }) => {
    const server = await Server.start();
    onCleanup(() => removeAfter(people, server));
    return server;
  });

/** For what a test starts besides: takes it away when the people have left. */
export async function removeAfter(people: People, started: { remove(): Promise<void> }): Promise<void> {
  try {
    await people.leave();
  } finally {
    await started.remove();
  }
}
