// What the tests of the embedded chat stand on: one shop for the file, with the desk behind it.

import { test as base } from './fixture.ts';
import { Agent } from './people.ts';
import { Shop } from './shop.ts';

export const test = base
  .extend('shop', { scope: 'file' }, async ({}, { onCleanup }) => {
    const shop = await Shop.start();
    onCleanup(() => shop.remove());
    return shop;
  })
  .extend('agentWith', ({ people, shop }) => async (email: string) => {
    const agent = await Agent.arrive(await people.someone(), shop.desk.origin);
    await agent.open(email);
    return agent;
  });
