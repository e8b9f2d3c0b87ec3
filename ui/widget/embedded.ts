// The panel's end of the port to the page around it. The browser shows this page on allowed origins alone
// (`frame-ancestors`); of what is said there we hear only our parent, once, and with the nonce that stands in our address.

import { effect, signal } from '@preact/signals';
import {
  type FromPanel,
  type Greeting,
  isGreeting,
  type Standing,
  type ToPanel,
  type Visitor,
} from '../loader/messages.ts';
import { mayTakeFocus, surroundedBy } from '../parts/attention.ts';
import { loadSession } from '../parts/session-state.ts';
import { applyLook } from './look.ts';
import { forgetVisitor, leaveTab, view, vouchedFor } from './visitor-state.ts';

/** In a frame, and not the page that stands alone. */
export const embedded = window.parent !== window;

const port = signal<MessagePort | null>(null);

function tell(message: FromPanel): void {
  port.peek()?.postMessage(message);
}

export function askToClose(): void {
  tell({ type: 'close' });
}

export function askForToken(): void {
  tell({ type: 'token' });
}

/** Resolves when the page around us has said how everything stands. */
export function greeted(): Promise<void> {
  return new Promise((settle) => {
    const hear = (event: MessageEvent) => {
      if (!isOurParent(event) || !isGreeting(event.data) || event.data.nonce !== location.hash.slice(1)) return;
      const [own] = event.ports;
      if (own === undefined) return;
      window.removeEventListener('message', hear);
      begin(own, event.data);
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
  stand(standing);
  mayTakeFocus(false);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) askToClose();
  });
  effect(() => tell({ type: 'unread', count: view.value?.conversation.unread ?? 0 }));
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
      await leaveTab();
      tell({ type: 'forgotten' });
      break;
    case 'forget':
      await forgetVisitor();
      tell({ type: 'forgotten' });
  }
}

function stand(standing: Standing): void {
  surroundedBy(standing);
  if (!standing.open) mayTakeFocus(false);
}

function identify(visitor: Visitor): void {
  const { email, token } = vouchedFor.peek();
  if (email === visitor.email && token === visitor.token) return;
  vouchedFor.value = visitor;
  if (token !== visitor.token) void loadSession(visitor.token);
}
