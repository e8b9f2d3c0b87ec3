// `Minicom('command', …)`: the one function that a page calls. Calls made before the script was there wait in a queue and
// are made up for in their order.

import type { Visitor, WidgetConfig } from './messages.ts';
import { type BootOptions, startWidget, type Widget, type WidgetEvents } from './widget.ts';

export interface MinicomFunction {
  /** Draws the launcher. Again: changes what is given. */
  (command: 'boot', options?: BootOptions): void;
  (command: 'open' | 'close' | 'show' | 'hide'): void;
  /** Says who the visitor is; without anything: nobody in particular. */
  (command: 'identify', visitor?: Visitor): void;
  (command: 'update', options: WidgetConfig): void;
  /** Calls back until the function that it gives is called, or `shutdown`. */
  <Name extends keyof WidgetEvents>(
    command: 'on',
    event: Name,
    handler: (detail: WidgetEvents[Name]) => void,
  ): () => void;
  /** Takes everything away, the visitor's storage in the panel included. Resolves when it is done. */
  (command: 'shutdown'): Promise<void>;
}

/** What stands in our place until we come, and then we. */
interface Scope {
  Minicom?: { q?: ArrayLike<unknown>[]; ready?: boolean };
}

type Call = (command?: unknown, ...rest: unknown[]) => unknown;

/** What a call gives is what its command gives; an unknown one is said in the console and does nothing. */
export function api(base: URL, start: typeof startWidget = startWidget): Call {
  const handlers = new Map<unknown, Set<(detail: unknown) => void>>();
  let widget: Widget | null = null;
  /** A new visitor's widget begins when the traces of the one before are gone; until then calls wait here. */
  let waiting: unknown[][] | null = null;
  let ending = Promise.resolve();

  function on(event: unknown, handler: unknown): () => void {
    const of = handlers.get(event) ?? new Set();
    const own = (detail: unknown) => (handler as (detail: unknown) => void)(detail);
    handlers.set(event, of.add(own));
    return () => of.delete(own);
  }

  function emit(event: string, detail?: unknown): void {
    for (const handler of handlers.get(event) ?? []) {
      try {
        handler(detail);
      } catch (error) {
        // The page's own fault must not stop us, nor be hidden from the page.
        reportError(error);
      }
    }
  }

  function shutdown(): Promise<void> {
    handlers.clear();
    if (waiting) waiting = [];
    if (!widget) return ending;
    waiting = [];
    ending = widget.shutdown().then(() => {
      const calls = waiting ?? [];
      waiting = null;
      for (const args of calls) call(...args);
    });
    widget = null;
    return ending;
  }

  const call: Call = (command, ...rest) => {
    const options = Object(rest[0]) as BootOptions;
    if (command === 'on') return on(rest[0], rest[1]);
    if (command === 'shutdown') return shutdown();
    if (waiting) waiting.push([command, ...rest]);
    else if (command === 'boot' && !widget) widget = start(base, { ...options }, emit);
    else if (widget) {
      const name = command === 'boot' ? 'update' : (command as keyof Widget);
      if (Object.hasOwn(widget, name)) widget[name](options);
      else console.warn('Minicom: unknown command', name);
    }
    return undefined;
  };
  return call;
}

/** Takes the place of what waited. Twice is once. */
export function install(scope: Scope, call: Call, manual: boolean): void {
  const before = scope.Minicom;
  if (before?.ready) return;
  scope.Minicom = Object.assign(call, { ready: true });
  const queue = Array.from(before?.q ?? [], (args) => Array.from(args));
  if (!manual && !queue.some(([command]) => command === 'boot')) queue.unshift(['boot']);
  for (const args of queue) call(...args);
}
