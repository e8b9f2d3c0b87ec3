import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Row } from '../client/frames.ts';
import { Details } from './details.tsx';
import { Fact, SECTIONS, type Section } from './sections.tsx';

const ROW: Row = {
  email: 'ann@example.com',
  conversation: 'c1',
  unread: 0,
  last_message: null,
  status: 'open',
  assignee: null,
  tags: [],
  active_at: '2026-01-31T09:30:00.123456+00:00',
  last_seq: 1,
  gone: false,
};

let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});

afterEach(() => {
  render(null, root);
  root.remove();
});

function show(row: Row | null, sections?: readonly Section[]): string[] {
  act(() => render(<Details email={ROW.email} row={row} {...(sections && { sections })} />, root));
  return [...root.querySelectorAll('section')].map(({ className }) => className.replace(/.*details-/, ''));
}

test('a section is there while it has something to say', () => {
  expect(show(null)).toEqual(['keys']);
  expect(show(ROW)).toEqual(['times', 'keys']);
  // The server tells of a status already; nothing here can be done with it yet.
  expect(root.textContent).not.toContain('open');
});

test('a feature is one more entry', () => {
  const tags: Section = {
    id: 'tags',
    title: () => 'Tags',
    applies: ({ row }) => (row?.tags.length ?? 0) > 0,
    draw: ({ row }) => (
      <dl>
        <Fact name="Tags">{row?.tags.join(', ')}</Fact>
      </dl>
    ),
  };
  expect(show(ROW, [tags, ...SECTIONS])).toEqual(['times', 'keys']);
  expect(show({ ...ROW, tags: ['invoice'] }, [tags, ...SECTIONS])).toEqual(['tags', 'times', 'keys']);
  const section = root.querySelector('.details-tags');
  expect(section?.querySelector('h3')?.textContent).toBe('Tags');
  expect(section?.querySelector('dd')?.textContent).toBe('invoice');
});
