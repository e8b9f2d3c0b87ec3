// The panel in its frame, and the port to it. A frame that loads anew, because somebody moved it or reloaded it, gets a new
// port; what an old one still says is not heard.

import type { FromPanel, Greeting, ToPanel } from './messages.ts';

const SILENCE_MS = 10_000;

export interface FrameListener {
  /** What the panel is told first. */
  greeting(): Promise<Omit<Greeting, 'nonce'>>;
  said(message: FromPanel): void;
  /** It has not answered for long. */
  silent(): void;
}

export interface Frame {
  readonly element: HTMLIFrameElement;
  ready(): boolean;
  /** Again, when the first time brought nothing. */
  load(): void;
  /** Before it is ready there is nothing to tell: the greeting says how everything stands. */
  tell(message: ToPanel): void;
  remove(): void;
}

export function openFrame(address: URL, listener: FrameListener): Frame {
  const element = document.createElement('iframe');
  const nonce = crypto.getRandomValues(new Uint32Array(4)).join('-');
  let port: MessagePort | undefined;
  let ready = false;
  let silence: number | undefined;

  function load(): void {
    expect();
    // The same address once more would only be a jump within the page.
    address.search = `${Date.now()}`;
    address.hash = nonce;
    element.src = address.href;
  }

  function expect(): void {
    ready = false;
    element.className = '';
    clearTimeout(silence);
    silence = setTimeout(listener.silent, SILENCE_MS) as unknown as number;
  }

  async function greet(): Promise<void> {
    if (ready) expect();
    port?.close();
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port.onmessage = ({ data }: MessageEvent<FromPanel>) => {
      if (data.type === 'ready') {
        clearTimeout(silence);
        ready = true;
        element.className = 'ready';
      }
      listener.said(data);
    };
    const greeting: Greeting = { nonce, ...(await listener.greeting()) };
    // Handed to our origin alone: whatever else stands in the frame never gets the port.
    element.contentWindow?.postMessage(greeting, address.origin, [port2]);
  }

  element.onload = greet;
  load();
  return {
    element,
    load,
    ready: () => ready,
    tell: (message) => ready && port?.postMessage(message),
    remove() {
      port?.close();
      clearTimeout(silence);
      element.remove();
    },
  };
}
