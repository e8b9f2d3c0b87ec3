// Lists of which only what is in sight is drawn: @tanstack/virtual-core, told of Preact. Positions go through
// `element.style`, which a content security policy without inline styles allows.

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

type Options = VirtualizerOptions<HTMLElement, HTMLElement>;
type Given = Omit<Options, 'observeElementRect' | 'observeElementOffset' | 'scrollToFn' | 'onChange'>;
export type Virtual = Virtualizer<HTMLElement, HTMLElement>;
export type Virtualized = VirtualItem;

/** `getItemKey` has to be the same function while the items are the same: a new one means measuring all of them anew. */
export function useVirtual(given: Given): Virtual {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const options: Options = {
    ...given,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw(undefined as never),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  return virtual;
}
