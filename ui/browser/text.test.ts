// What people write: Markdown where it is meant, nothing else ever. Numbers are those of the behaviours that the pages
// promise.

import { expect } from 'vitest';
import { HOSTILE } from '../parts/hostile.ts';
import { test } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';
import { say } from './seed.ts';

const ANN = 'ann@example.com';

const SAMPLE = [
  'You can change it yourself:',
  '',
  '1. Open **Settings**, then *Billing*',
  '2. Choose `Invoices`',
  '3. See [the guide](https://example.com/guide)',
  '',
  '> The old one is gone.',
  '',
  '```',
  'curl -H "accept: text/csv" \\',
  '  https://example.com/invoices',
  '```',
  'Or ask us again: https://example.com/contact.',
].join('\n');

test('a little Markdown is shown as what it means, on both sides', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await ann.say('- one\n- two\n\nand `code` at **last**');
  await agent.open(ANN);
  await agent.log.getByRole('listitem').filter({ hasText: 'two' }).waitFor();
  await agent.say(SAMPLE);
  await ann.log.getByRole('strong').filter({ hasText: 'Settings' }).waitFor();
  const guide = ann.log.getByRole('link', { name: 'the guide' });
  expect(await guide.getAttribute('href')).toBe('https://example.com/guide');
  expect(await guide.getAttribute('rel')).toBe('noopener noreferrer ugc');
  expect(await guide.getAttribute('target')).toBe('_blank');
  expect(await ann.log.getByRole('link', { name: 'https://example.com/contact' }).count()).toBe(1);
  await ann.log.getByRole('blockquote').waitFor();
  await expect.poll(() => ann.log.getByRole('link', { name: 'https://example.com/contact' }).isVisible()).toBe(true);
  await screenshot(ann.page, 'visitor-markdown');
  await screenshot(agent.page, 'desk-markdown');
});

test('a message ends below its last line, whatever that line is', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, ANN);
  for (const text of ['1. one\n2. **two**', '- one\n- `two`', '> one\n> *two*', 'one\n\n**two**']) {
    await ann.say(text);
    const bubble = ann.said.last();
    const last = bubble.locator('li, blockquote, p').last();
    await last.getByText('two').waitFor();
    const gap = await bubble.evaluate((element) => {
      const line = [...element.querySelectorAll('li, blockquote, p')].at(-1);
      return element.getBoundingClientRect().bottom - (line?.getBoundingClientRect().bottom ?? Number.NaN);
    });
    expect([text, gap]).toEqual([text, 8]);
  }
});

test('until the chunk is there the text stands there as written, and its coming keeps the end in sight', async ({
  browser,
  people,
  server,
}) => {
  const context = await people.someone();
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  await context.route('**/assets/markdown-*.js', async (route) => {
    await released;
    await route.continue();
  });
  const lines = Array.from({ length: 30 }, (_, n) => ({ by: `user/${ANN}`, text: `- **line** ${n}\n- again` }));
  await say(browser, server, lines);
  const ann = await Visitor.arrive(context, server.origin, ANN);
  await ann.message('- **line** 29 - again').waitFor();
  release();
  await ann.log.getByRole('strong').last().waitFor();
  await expect.poll(async () => (await ann.texts()).at(-1)).toBe('line 29\nagain');
  await screenshot(ann.page, 'visitor-chunk');
  const last = await ann.log.getByRole('listitem').last().boundingBox();
  const field = await ann.composer.boundingBox();
  expect(last && field && last.y + last.height <= field.y).toBe(true);
});

test.for([320, 1440])(
  'hostile texts stay texts, %i px wide',
  { timeout: 600_000 },
  async (width, { browser, people, server }) => {
    const options = { viewport: { width, height: 800 } };
    // What is only space or control characters may be refused; everything that was stored has to be shown.
    const texts = HOSTILE.filter((text) => text.trim() !== '').map((text) => Buffer.from(text).toString());
    await say(
      browser,
      server,
      texts.map((text, n) => ({ by: n % 2 ? 'admin/bo' : `user/${ANN}`, to: ANN, text })),
    );
    const dialogs: string[] = [];
    const watched = async () => {
      const context = await people.someone(options);
      context.on('page', (page) => page.on('dialog', (dialog) => dialogs.push(dialog.message())));
      const requests: string[] = [];
      context.on('request', (request) => requests.push(request.url()));
      return { context, requests };
    };
    const [forAnn, forAgent] = [await watched(), await watched()];
    const ann = await Visitor.arrive(forAnn.context, server.origin, ANN);
    const agent = await Agent.arrive(forAgent.context, server.origin);
    await agent.row(ANN).click();
    for (const who of [ann, agent]) {
      await who.said.first().waitFor();
      // From the end to the first of them, so that each has been on the screen.
      const region = who.page.getByRole('region', { name: 'Conversation' });
      await region.hover();
      const first = who.log.getByText('<script>window.hacked=1</script>', { exact: true });
      for (let turn = 0; turn < 400; turn += 1) {
        await who.page.mouse.wheel(0, -1_500);
        if (turn % 5 === 0) expect(await who.sidewaysScroll()).toBe(0);
        if (await first.isVisible()) break;
      }
      await first.waitFor();
      expect(await who.sidewaysScroll()).toBe(0);
      expect(await who.page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined();
      expect(
        await who.log.locator('script, img, iframe, style, object, embed, form, input, [style*=position]').count(),
      ).toBe(0);
      await screenshot(who.page, `hostile-${width}-${who === ann ? 'visitor' : 'desk'}`);
    }
    expect(dialogs).toEqual([]);
    for (const url of [...forAnn.requests, ...forAgent.requests])
      expect(new URL(url).host).toBe(new URL(server.origin).host);
  },
);

test('a text that runs backwards does not turn the time or a name around', async ({ people, server }) => {
  const ann = await Visitor.arrive(await people.someone(), server.origin, '\u202eevil@example.com');
  const agent = await Agent.arrive(await people.someone(), server.origin);
  await ann.say('\u202ebackwards \u2067 and open');
  const row = agent.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
  await row.waitFor();
  const [name, time] = [row.getByText('evil@example.com'), row.getByRole('time')];
  const [left, right] = [await name.boundingBox(), await time.boundingBox()];
  expect(left && right && left.x + left.width <= right.x).toBe(true);
  await row.click();
  await agent.log.getByText('backwards').waitFor();
  // The digits of the time stand in their order: the first is left of the last.
  const ordered = await agent.log
    .getByRole('time')
    .last()
    .evaluate((element) => {
      const text = element.firstChild as Text;
      const at = (index: number) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        return range.getBoundingClientRect().left;
      };
      return at(0) < at(2);
    });
  expect(ordered).toBe(true);
  await screenshot(agent.page, 'desk-backwards');
});
