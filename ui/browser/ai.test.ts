// An AI that answers, as visitors and agents see it: against the example `custom-responder`, which knows three things.
// Tests begin with the number of the behaviour they prove, where there is one.

import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { ai as ar } from '../words/ai/ar.ts';
import { ai as en } from '../words/ai/en.ts';
import { aiDesk as arDesk } from '../words/ai-desk/ar.ts';
import { aiDesk as enDesk } from '../words/ai-desk/en.ts';
import { words as arShared } from '../words/shared/ar.ts';
import { words as enShared } from '../words/shared/en.ts';
import { violations } from './axe.ts';
import { test as base, removeAfter } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';
import { Wire } from './seed.ts';
import { Server } from './server.ts';

const ANN = 'ann@example.com';
const STORY = 'Tell me your story';
const END_OF_STORY = 'still stands in the window.';
const HOURS = 'When are you open?';
const ANSWER = 'We are open from nine to five';

const test = base.extend('shop', async ({ people }, { onCleanup }) => {
  const shop = await Server.startOther('custom-responder');
  onCleanup(() => removeAfter(people, shop));
  return shop;
});

/** What the AI is writing, outside of the log. */
const writing = ({ page }: { page: Page }) => page.getByRole('group', { name: /is typing$/u });
const stop = ({ page }: { page: Page }) => page.getByRole('button', { name: 'Stop', exact: true });
const toPerson = ({ page }: { page: Page }) => page.getByRole('button', { name: 'Talk to a person' });

/** Until words stand there, and not only dots. */
async function words(visitor: Visitor): Promise<void> {
  await writing(visitor).getByText('Our shop began').waitFor();
}

test('22: an AI is labelled, its answer grows before the eyes, is announced once, and names its sources', async ({
  people,
  shop,
}) => {
  const ann = await Visitor.arrive(await people.someone(), shop.origin, ANN);
  await ann.page.getByText('An AI answers first.').waitFor();
  await ann.say(STORY);
  await words(ann);
  const length = async () => (await writing(ann).textContent())?.length ?? 0;
  const first = await length();
  await expect.poll(length).toBeGreaterThan(first);
  await writing(ann).getByText('AI', { exact: true }).waitFor();
  // Words in the making are not announced; the log holds what was said.
  expect(await ann.log.getByRole('group', { name: /is typing$/u }).count()).toBe(0);
  expect(await ann.texts()).toEqual([STORY]);
  await screenshot(ann.page, 'ai-writing');
  await ann.log.getByText(END_OF_STORY).waitFor();
  await writing(ann).waitFor({ state: 'detached' });
  expect(await ann.log.getByRole('strong').textContent()).toBe('garage');
  await ann.log.getByText('Shop assistant').waitFor();
  await ann.log.getByText('AI', { exact: true }).waitFor();

  await ann.say(HOURS);
  await ann.log.getByText(ANSWER).waitFor();
  const sources = ann.log.getByRole('list', { name: 'Sources' });
  const links = sources.getByRole('link');
  expect(await links.allInnerTexts()).toEqual(['Opening hours', 'Holidays']);
  expect(await links.nth(0).getAttribute('href')).toBe('https://example.com/hours');
  expect(await links.nth(0).getAttribute('rel')).toBe('noopener noreferrer ugc');
  expect(await links.nth(1).getAttribute('href')).toBe(`${shop.origin}/healthz`);
  expect(await sources.textContent()).toContain('(example.com)');
});

test('22: Stop stops, for every tab, and nothing types any more', async ({ people, shop }) => {
  const ann = await Visitor.arrive(await people.someone(), shop.origin, ANN);
  const other = await ann.anotherTab();
  await ann.say(STORY);
  for (const tab of [ann, other]) await words(tab);
  await stop(other).click();
  for (const tab of [ann, other]) {
    await tab.log.getByText('You stopped the answer.').waitFor();
    await writing(tab).waitFor({ state: 'detached' });
    await stop(tab).waitFor({ state: 'detached' });
    expect(await tab.texts()).toEqual([STORY]);
  }
  await ann.say(HOURS);
  for (const tab of [ann, other]) await tab.log.getByText(ANSWER).waitFor();
  // It is judged in one tab, and pressed in both; the judgement may change.
  await ann.log.getByRole('button', { name: 'Helpful', exact: true }).click();
  await other.log.getByRole('button', { name: 'Helpful', exact: true, pressed: true }).waitFor();
  await other.log.getByRole('button', { name: 'Not helpful' }).click();
  await ann.log.getByRole('button', { name: 'Not helpful', pressed: true }).waitFor();
  await ann.log.getByRole('button', { name: 'Helpful', exact: true, pressed: false }).waitFor();
  await ann.page.reload();
  await ann.log.getByRole('button', { name: 'Not helpful', pressed: true }).waitFor();
});

test('23: a person can be asked for at any time, and the hand-over that is announced is made', async ({
  people,
  shop,
}) => {
  const agent = await Agent.arrive(await people.someone(), shop.origin);
  const ann = await Visitor.arrive(await people.someone(), shop.origin, ANN);
  await toPerson(ann).waitFor();
  await ann.say(STORY);
  await words(ann);
  await toPerson(ann).click();
  await ann.log.getByText('You asked for a person. An agent will answer here.').waitFor();
  await toPerson(ann).waitFor({ state: 'detached' });
  await writing(ann).waitFor({ state: 'detached' });

  await agent.row(ANN).getByText('Waits').waitFor();
  await agent.page.getByRole('button', { name: 'Waiting' }).click();
  await agent.page.waitForURL(/inbox=waiting/);
  await agent.open(ANN);
  await agent.log.getByText('Handed over: the visitor asked for a person').waitFor();
  await screenshot(agent.page, 'ai-handed-over');
  await agent.say('Here I am.');
  await ann.message('Here I am.').waitFor();
  await agent.page.getByText('Nobody waits').waitFor();
  // Nothing answers in the agent's place.
  await ann.say(HOURS);
  await agent.message(HOURS).waitFor();
  expect(await ann.texts()).toEqual([STORY, 'Here I am.', HOURS]);
});

test('23: a person asked for before anything was said, or while the network is away, is asked for all the same', async ({
  people,
  shop,
}) => {
  const context = await people.someone();
  const ann = await Visitor.arrive(context, shop.origin, ANN);
  await toPerson(ann).click();
  await ann.page.getByText('Write your message. A person will answer it.').waitFor();
  await ann.say(STORY);
  await ann.log.getByText('You asked for a person.').waitFor();

  const ben = await Visitor.arrive(await people.someone(), shop.origin, 'ben@example.com');
  await ben.say(HOURS);
  await ben.log.getByText(ANSWER).waitFor();
  await people.complaints.whileServerIsAway(async () => {
    await shop.kill();
    await ben.page.getByText('Reconnecting…').waitFor();
    await toPerson(ben).click();
    await ben.page.getByText('Asking for a person…').waitFor();
    expect(await ben.log.getByText('You asked for a person.').count()).toBe(0);
    await shop.up();
    await ben.log.getByText('You asked for a person.').waitFor();
  });
});

test('an agent sees why, takes over by a click or a key, hands back, and stops the AI', async ({ people, shop }) => {
  const ann = await Visitor.arrive(await people.someone(), shop.origin, ANN);
  await ann.say('What does the law say?');
  await ann.log.getByText('The AI passed this on. An agent will answer here.').waitFor();
  const agent = await Agent.arrive(await people.someone(), shop.origin);
  await agent.open(ANN);
  await agent.log.getByText('Handed over: about the law').waitFor();
  // What an agent has answered is not the AI's to answer.
  await agent.say('Ask a lawyer.');
  await agent.page.getByRole('button', { name: 'Hand back to the AI' }).click();
  await ann.log.getByText('The AI answers again.').waitFor();
  await agent.log.getByText('handed back to the AI').waitFor();

  await ann.say(STORY);
  await writing(agent).getByText('Our shop began').waitFor();
  await agent.page.getByText('The AI is writing an answer.').waitFor();
  await screenshot(agent.page, 'ai-desk-writing');
  await agent.page.keyboard.press('x');
  await ann.log.getByText('The answer was stopped.').waitFor();
  await writing(agent).waitFor({ state: 'detached' });

  await agent.page.keyboard.press('t');
  await ann.log.getByText('An agent answers from here on.').waitFor();
  await agent.log.getByText('took over from the AI').waitFor();
  await agent.page.keyboard.press('Control+k');
  await agent.page.keyboard.type('hand back');
  await agent.page.keyboard.press('Enter');
  await agent.page.getByRole('button', { name: 'Take over' }).waitFor();
});

test('an agent changes the policy while all goes on: suggestions are sent by a click, or edited first', async ({
  people,
  shop,
}) => {
  const agent = await Agent.arrive(await people.someone(), shop.origin);
  const ann = await Visitor.arrive(await people.someone(), shop.origin, ANN);
  await agent.page.keyboard.press('i');
  const settings = agent.page.getByRole('dialog', { name: 'AI settings' });
  await settings.getByRole('radio', { name: 'it suggests answers' }).check();
  await settings.getByRole('combobox', { name: 'Personality' }).selectOption('Technical');
  await screenshot(agent.page, 'ai-settings');
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByText('Saved').waitFor();
  await agent.page.keyboard.press('Escape');

  await ann.say(HOURS);
  await agent.open(ANN);
  const box = agent.page.getByRole('region', { name: 'Suggestion of the AI' });
  await box.getByText(ANSWER).waitFor();
  expect(await ann.texts()).toEqual([HOURS]);
  await screenshot(agent.page, 'ai-suggestion');
  await box.getByRole('button', { name: 'Send' }).click();
  await box.waitFor({ state: 'detached' });
  await ann.log.getByText(ANSWER).waitFor();
  expect(await ann.log.getByText('AI', { exact: true }).count()).toBe(0);

  await ann.say(HOURS);
  await box.getByRole('button', { name: 'Edit' }).click();
  await expect.poll(() => agent.composer.inputValue()).toContain('**nine to five**');
  await expect.poll(() => agent.composer.evaluate((field) => field === document.activeElement)).toBe(true);
  await agent.composer.press('Enter');
  await box.waitFor({ state: 'detached' });
});

test('office hours are written as people write them, and what the server objects to is said', async ({
  browser,
  people,
  shop,
}) => {
  const agent = await Agent.arrive(await people.someone(), shop.origin);
  await agent.page.getByRole('button', { name: 'AI settings' }).click();
  const settings = agent.page.getByRole('dialog', { name: 'AI settings' });
  await settings.getByRole('radio', { name: 'Outside of office hours' }).check();
  await settings.getByRole('textbox', { name: 'Monday' }).fill('nine to five');
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByRole('alert').getByText('Monday: write hours such as 9:00–17:00.').waitFor();
  await settings.getByRole('textbox', { name: 'Monday' }).fill('9-12, 13:00–17:00');
  await settings.getByRole('combobox', { name: 'Time zone' }).fill('Nowhere/Land');
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByRole('alert').getByText('this time zone is not known').waitFor();
  await settings.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Lisbon');
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByText('Saved').waitFor();
  await expect
    .poll(() => settings.getByRole('textbox', { name: 'Monday' }).inputValue())
    .toBe('9:00–12:00, 13:00–17:00');

  // Somebody else changes it: whoever opens the settings sees that.
  await agent.page.keyboard.press('Escape');
  const wire = await Wire.open(browser, shop, 'admin/bo');
  await wire.send({ type: 'set_ai', policy: { mode: 'off', name: 'Robo' } });
  await wire.close();
  await agent.page.keyboard.press('i');
  await expect.poll(() => settings.getByRole('textbox', { name: 'Name that visitors see' }).inputValue()).toBe('Robo');
});

test('no typing lasts: a server that dies in the middle of an answer leaves no dots, and the answer comes after all', {
  timeout: 150_000,
}, async ({ people, shop }) => {
  const ann = await Visitor.arrive(await people.someone(), shop.origin, ANN);
  await ann.say(STORY);
  await words(ann);
  await people.complaints.whileServerIsAway(async () => {
    await shop.kill();
    await writing(ann).waitFor({ state: 'detached' });
    await stop(ann).waitFor({ state: 'detached' });
    await shop.up();
    await ann.page.getByText('Reconnecting…').waitFor({ state: 'detached' });
  });
  // The dead process's claim ends after a minute; then another attempt begins, and only one answer is given.
  await ann.log.getByText(END_OF_STORY).waitFor({ timeout: 120_000 });
  await writing(ann).waitFor({ state: 'detached' });
  expect(await ann.texts()).toHaveLength(2);
});

test('a connection that breaks in the middle of an answer catches up with it', async ({ people, shop }) => {
  const context = await people.someone();
  let cut: () => Promise<void> = async () => {};
  await context.routeWebSocket(/\/ws\//, (socket) => {
    const server = socket.connectToServer();
    cut = async () => {
      await server.close();
      await socket.close({ code: 1011, reason: 'cut' });
    };
  });
  const ann = await Visitor.arrive(context, shop.origin, ANN);
  await ann.say(STORY);
  await words(ann);
  await cut();
  // Some words were missed: dots, not half a sentence, and then the whole.
  await expect.poll(() => writing(ann).textContent()).toBe('AssistantAI');
  await ann.log.getByText(END_OF_STORY).waitFor();
  await writing(ann).waitFor({ state: 'detached' });
  expect(await ann.texts()).toHaveLength(2);
});

test('without a responder nothing is promised, and the settings say so', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  await ann.say('hello');
  await ann.log.getByRole('img', { name: 'Sent' }).waitFor();
  expect(await toPerson(ann).count()).toBe(0);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await agent.open(ANN);
  expect(await agent.page.getByRole('button', { name: 'Take over' }).count()).toBe(0);
  expect(await agent.row(ANN).getByRole('img', { name: 'The AI answers' }).count()).toBe(0);
  await agent.page.keyboard.press('i');
  await agent.page.getByRole('dialog', { name: 'AI settings' }).getByText('No AI is connected').waitFor();
});

const SAID = { en: { ai: { ...en, ...enDesk }, shared: enShared }, ar: { ai: { ...ar, ...arDesk }, shared: arShared } };
type Lang = keyof typeof SAID;

function monday(lang: Lang): string {
  return new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1)));
}

async function visitorsStates(context: BrowserContext, origin: string, lang: Lang, shot: string): Promise<void> {
  const page = await context.newPage();
  const { ai, shared } = SAID[lang];
  const log = page.getByRole('log');
  await page.goto(`${origin}/?lang=${lang}`);
  const look = async (state: string) => {
    expect(await violations(page), state).toEqual([]);
    await screenshot(page, `ai-visitor-${state}-${shot}`);
  };
  await page.getByRole('textbox').fill(ANN);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: ai.talkToPerson }).waitFor();
  await look('greeting');
  for (const text of [HOURS, STORY]) {
    await page.getByRole('textbox').fill(text);
    await page.keyboard.press('Enter');
    if (text === HOURS) await page.getByRole('button', { name: ai.helpful, exact: true }).click();
  }
  await page
    .getByRole('group', { name: shared.isTyping('Shop assistant') })
    .getByText('Our shop began')
    .waitFor();
  await look('writing');
  await page.getByRole('button', { name: ai.talkToPerson }).click();
  await log.getByText(ai.youAskedForPerson).waitFor();
  await look('handed-over');
  await page.close();
}

async function agentsStates(context: BrowserContext, origin: string, lang: Lang, shot: string): Promise<void> {
  const page = await context.newPage();
  const { ai } = SAID[lang];
  await page.goto(`${origin}/desk?lang=${lang}`);
  const look = async (state: string) => {
    expect(await violations(page), state).toEqual([]);
    await screenshot(page, `ai-desk-${state}-${shot}`);
  };
  const row = page.getByRole('link', { name: ANN });
  await row.getByText(ai.waitsFor('').trim()).waitFor();
  await look('waiting');
  await row.click();
  await page.getByRole('button', { name: ai.handBack }).waitFor();
  await look('conversation');
  await page.keyboard.press('i');
  const dialog = page.getByRole('dialog', { name: ai.aiSettings });
  await dialog.getByRole('radio').nth(3).check();
  await look('settings');
  await dialog.getByRole('textbox', { name: monday(lang) }).scrollIntoViewIfNeeded();
  await look('hours');
  await page.close();
}

test.for([
  ['light', 'en', 1440],
  ['dark', 'en', 390],
  ['light', 'ar', 390],
  ['dark', 'ar', 1440],
] as const)(
  'nothing to object to where an AI is about, %s, %s, %i px',
  { timeout: 120_000 },
  async ([colorScheme, lang, width], { people, shop }) => {
    const viewport = { width, height: width < 500 ? 844 : 900 };
    const context = await people.someone({ viewport, colorScheme, reducedMotion: 'reduce' });
    const shot = `${width}-${colorScheme}-${lang}`;
    await visitorsStates(context, shop.origin, lang, shot);
    await agentsStates(context, shop.origin, lang, shot);
  },
);
