import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Drafts } from '../client/drafts.ts';
import { browserStorage, tabStorage } from '../client/environment.ts';
import { PLACE } from '../client/place.ts';
import { Composer } from './composer.tsx';

let root: HTMLElement;
let sent: string[];

function draw(drafts?: Drafts): void {
  const send = (text: string) => sent.push(text);
  render(<Composer draftKey="draft" drafts={drafts} placeholder="" onDraft={() => {}} onSend={send} />, root);
}

function show(): HTMLTextAreaElement {
  act(() => draw());
  const field = root.querySelector('textarea');
  if (field === null) throw new Error('no field');
  return field;
}

function type(field: HTMLTextAreaElement, text: string): void {
  act(() => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function press(field: HTMLTextAreaElement, init: KeyboardEventInit): void {
  act(() => {
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }));
  });
}

beforeEach(() => {
  sent = [];
  root = document.createElement('div');
  document.body.append(root);
});

afterEach(() => {
  render(null, root);
  root.remove();
  sessionStorage.clear();
  localStorage.clear();
});

test('Enter sends and empties the field', () => {
  const field = show();
  type(field, 'hi');
  press(field, {});
  expect(sent).toEqual(['hi']);
  expect(field.value).toBe('');
});

test('Shift+Enter, Enter in a composition and Enter on nothing do not send', () => {
  const field = show();
  press(field, {});
  type(field, 'にほん');
  press(field, { shiftKey: true });
  press(field, { isComposing: true });
  press(field, { keyCode: 229 });
  expect(sent).toEqual([]);
  expect(field.value).toBe('にほん');
});

test('a draft outlives a reload and goes with the message', () => {
  type(show(), 'half a thou');
  render(null, root);
  const field = show();
  expect(field.value).toBe('half a thou');
  press(field, {});
  render(null, root);
  expect(show().value).toBe('');
});

test('what another tab writes is followed from the first moment, and after each change', async () => {
  const drafts = new Drafts(null, browserStorage());
  const another = (newValue: string, oldValue: string) => {
    new Drafts(null, browserStorage()).write('draft', newValue);
    window.dispatchEvent(new StorageEvent('storage', { key: `${PLACE}draft`, newValue, oldValue }));
  };
  // Nothing is awaited: a tab in the background may not paint for long.
  draw(drafts);
  another('one', '');
  const field = root.querySelector('textarea');
  await vi.waitFor(() => {
    expect(field?.value).toBe('one');
    another('two', 'one');
  });
  await vi.waitFor(() => expect(field?.value).toBe('two'));
});

test('what another tab has written is not written back over what it has written since', async () => {
  const browser = browserStorage();
  const drafts = new Drafts(tabStorage(), browser);
  draw(drafts);
  new Drafts(null, browser).write('draft', 'sent by now');
  new Drafts(null, browser).write('draft', '');
  window.dispatchEvent(new StorageEvent('storage', { key: `${PLACE}draft`, newValue: 'sent by now', oldValue: '' }));
  await vi.waitFor(() => expect(root.querySelector('textarea')?.value).toBe('sent by now'));
  expect(new Drafts(null, browser).read('draft')).toBe('');
  // A reload finds what stood here.
  expect(new Drafts(tabStorage(), browser).read('draft')).toBe('sent by now');
});
