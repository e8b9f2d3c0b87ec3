// Which words of visitors are refused, masked or flagged, as those who may see them do: asked for and changed. It draws
// nothing.

import { isObject, list, text } from './decode.ts';
import type { Requests } from './requests.ts';
import { Setting } from './setting.ts';

export const LISTS = ['refuse', 'mask', 'flag'] as const;

export type WordListsSaid = Record<(typeof LISTS)[number], readonly string[]>;

export type WordListsRequest = { type: 'word_lists' } | { type: 'set_word_lists'; lists: WordListsSaid };

export function readWordLists(value: unknown): WordListsSaid {
  const said = isObject(value) ? value : {};
  const words = (name: string) => list(said[name], (word) => text(word) ?? null);
  return { refuse: words('refuse'), mask: words('mask'), flag: words('flag') };
}

export class WordLists extends Setting<WordListsSaid> {
  constructor(requests: Requests, changed: () => void) {
    super(requests, changed, {
      frame: { type: 'word_lists' },
      read: (answer) => (answer.type === 'word_lists' ? answer.lists : null),
    });
  }

  save(lists: WordListsSaid): void {
    this.set({ type: 'set_word_lists', lists });
  }
}
