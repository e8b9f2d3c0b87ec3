// The panel's end of the port to the page around it. The browser shows this page on allowed origins alone
// (`frame-ancestors`); of what is said there we hear only our parent, once, and with the nonce that stands in our address.

import { effect, signal } from '@preact/signals';
import { PLACE } from '../client/place.ts';
import type { FromPanel, Greeting, Standing, ToPanel, Visitor } from '../loader/messages.ts';
import { mayTakeFocus, surroundedBy } from '../parts/attention.ts';
import { loadSession } from '../parts/session-state.ts';
import { capped } from '../parts/thread-items.ts';
import { shared as words } from '../words/index.ts';
import { applyLook } from './look.ts';
import { keepTokenFresh } from './token.ts';
import { forgetVisitor, leaveTab, opened, view, vouchedFor } from './visitor-state.ts';

/** In a frame, and not the page that stands alone. */
export const embedded = window.parent !== window;

const port = signal<MessagePort | null>(null);

function tell(message: FromPanel): void {
  port.peek()?.postMessage(message);
}

export function askToClose(): void {
  tell({ type: 'close' });
}

function askForToken(): void {
  tell({ type: 'token' });
}

/** Resolves when the page around us has said how everything stands. */
export function greeted(): Promise<void> {
  return new Promise((settle) => {
    const hear = (event: MessageEvent<Greeting | null | undefined>) => {
      const { data } = event;
      if (!isOurParent(event) || !data?.nonce || data.nonce !== location.hash.slice(1)) return;
      const [own] = event.ports;
      if (own === undefined) return;
      window.removeEventListener('message', hear);
      begin(own, data);
      settle();
    };
    window.addEventListener('message', hear);
  });
}

/** Some browsers name the origins of those who frame us; then it must be that one. */
function isOurParent(event: MessageEvent): boolean {
  const parent = location.ancestorOrigins?.[0] ?? event.origin;
  return event.source === window.parent && event.origin === parent;
}

function begin(own: MessagePort, { config, visitor, standing }: Greeting): void {
  port.value = own;
  own.onmessage = ({ data }: MessageEvent<ToPanel>) => void hear(data);
  applyLook(config);
  vouchedFor.value = visitor;
  keepTokenFresh(askForToken);
  stand(standing);
  mayTakeFocus(false);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) askToClose();
  });
  effect(() => {
    const count = view.value?.conversation.unread ?? 0;
    const { unreadMessages, manyUnread } = words.value;
    const text = count > 99 ? manyUnread : unreadMessages(count);
    tell({ type: 'unread', count, short: count > 0 ? capped(count) : '', text });
  });
}

/** To be said when there is something to see. */
export function sayReady(): void {
  tell({ type: 'ready' });
}

async function hear(message: ToPanel): Promise<void> {
  switch (message.type) {
    case 'settings':
      applyLook(message.config);
      break;
    case 'visitor':
      identify(message.visitor);
      break;
    case 'standing':
      stand(message);
      break;
    case 'focus':
      mayTakeFocus(true);
      break;
    case 'left':
      await leaveTab(false);
      tell({ type: 'forgotten' });
      break;
    case 'forget':
      await forgetVisitor(false);
      tell({ type: 'forgotten' });
  }
}

/** Tabs stay equal through the page's storage; through here too, because a page may have none. */
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel(`${PLACE}open`) : null;
let open = false;

function stand(standing: Standing): void {
  surroundedBy(standing);
  opened.value ||= standing.open;
  if (!standing.open) mayTakeFocus(false);
  // What another tab has brought about is not told again: only one of them has the visitor's attention.
  const here = document.visibilityState === 'visible' && (standing.attended || document.hasFocus());
  if (standing.open !== open && here) tabs?.postMessage(standing.open);
  open = standing.open;
}

tabs?.addEventListener('message', (event: MessageEvent<boolean>) => tell({ type: 'others', open: event.data }));

function identify(visitor: Visitor): void {
  const { email, token } = vouchedFor.peek();
  if (email === visitor.email && token === visitor.token) return;
  vouchedFor.value = visitor;
  if (token !== visitor.token) void loadSession(visitor.token);
}
