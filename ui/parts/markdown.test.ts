import fc from 'fast-check';
import { Fragment, h, render } from 'preact';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOSTILE, PRETENDERS } from './hostile.ts';
import { draw } from './markdown.ts';

let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
});

afterEach(() => {
  render(null, root);
});

function html(text: string): string {
  render(h(Fragment, {}, draw(text)), root);
  return root.innerHTML;
}

const ALLOWED: Record<string, readonly string[]> = {
  A: ['href', 'target', 'rel', 'title'],
  BLOCKQUOTE: ['dir'],
  CODE: [],
  EM: [],
  LI: [],
  OL: ['dir', 'start'],
  P: ['dir'],
  PRE: ['dir'],
  SPAN: ['class', 'dir'],
  STRONG: [],
  UL: ['dir'],
};

/** What is not on the list, and links that go where none may. */
function objections(): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll('*')) {
    const allowed = ALLOWED[element.tagName];
    if (allowed === undefined) found.push(element.tagName);
    for (const { name } of element.attributes) if (!allowed?.includes(name)) found.push(`${element.tagName} ${name}`);
    if (element instanceof HTMLAnchorElement) {
      if (!/^(https?:\/\/|mailto:)/.test(element.getAttribute('href') ?? '')) found.push(element.outerHTML);
      if (element.rel !== 'noopener noreferrer ugc' || element.target !== '_blank') found.push(element.outerHTML);
    }
  }
  return found;
}

describe('the subset', () => {
  test.each([
    ['**bold** and *italic* and _too_', '<p dir="auto"><strong>bold</strong> and <em>italic</em> and <em>too</em></p>'],
    ['`a < b`', '<p dir="auto"><code>a &lt; b</code></p>'],
    ['```js\na\n  b\n```', '<pre dir="ltr"><code>a\n  b</code></pre>'],
    ['- a\n- b', '<ul dir="auto"><li>a</li><li>b</li></ul>'],
    ['3. a\n4. b', '<ol dir="auto" start="3"><li>a</li><li>b</li></ol>'],
    ['> said\n> so', '<blockquote dir="auto"><p>said\nso</p></blockquote>'],
    ['one\ntwo\n\nthree', '<p dir="auto">one\ntwo</p><p dir="auto">three</p>'],
    ['snake_case_name and 2*3*4', '<p dir="auto">snake_case_name and 2<em>3</em>4</p>'],
    ['# no heading\n---', '<p dir="auto"># no heading\n---</p>'],
    ['    four spaces', '<p dir="auto">four spaces</p>'],
    ['\\*as it is\\*', '<p dir="auto">*as it is*</p>'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test('what would leave nothing is shown as it was written', () => {
    for (const text of ['-', '> ', '1.', '***', '``', '* *']) expect(html(text).trim()).not.toBe('');
  });
});

describe('links', () => {
  const links = (text: string) => {
    html(text);
    return [...root.querySelectorAll('a')].map((a) => [a.textContent, a.getAttribute('href')]);
  };

  test.each([
    ['see https://example.com.', 'https://example.com', 'https://example.com/'],
    ['(https://example.com/a_(b))', 'https://example.com/a_(b)', 'https://example.com/a_(b)'],
    ['**https://example.com/x_y_z**', 'https://example.com/x_y_z', 'https://example.com/x_y_z'],
    ['HTTP://EXAMPLE.com/A?b=*c*', 'HTTP://EXAMPLE.com/A?b=*c', 'http://example.com/A?b=*c'],
    ['“https://example.com/”', 'https://example.com/', 'https://example.com/'],
    ['[docs](https://example.com/docs)', 'docs', 'https://example.com/docs'],
    ['[write](mailto:ann@example.com?bcc=x@y.z)', 'write', 'mailto:ann@example.com'],
    ['[https://example.com/a](https://example.com/b)', 'https://example.com/a', 'https://example.com/b'],
  ])('%s', (text, shown, href) => {
    expect(links(text)).toEqual([[shown, href]]);
    expect(root.querySelector('.link-host')).toBeNull();
  });

  test.each(['xhttps://example.com', '[x](ftp://example.com)', '`https://example.com`', 'https://', 'example.com'])(
    'none in %s',
    (text) => {
      expect(links(text)).toEqual([]);
    },
  );

  test.each(PRETENDERS)('%s says where it goes', (text) => {
    html(text);
    const link = root.querySelector('a');
    const host = root.querySelector('.link-host')?.textContent ?? '';
    expect(host).toMatch(/^ \((evil\.example|thief@evil\.example|xn--[a-z0-9-]+\.example)\)$/);
    expect(link?.title).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe('hostile texts', () => {
  test('there are enough of them', () => {
    expect(HOSTILE.length).toBeGreaterThan(130);
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 60), text]))('%j is inert and small', (_, text) => {
    html(text);
    expect(objections()).toEqual([]);
    expect(root.querySelectorAll('*').length).toBeLessThanOrEqual(text.length / 3 + 60);
    expect(Reflect.get(window, 'hacked')).toBeUndefined();
  });

  test('whatever one makes of its parts', () => {
    const part = fc.constantFrom(
      '*',
      '_',
      '`',
      '[',
      ']',
      '(',
      ')',
      '> ',
      '- ',
      '1. ',
      '\n',
      '\\',
      '<',
      'http://',
      'a.b',
      ' ',
      '~~~',
      'javascript:',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        html(parts.join(''));
        expect(objections()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
