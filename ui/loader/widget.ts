// One life of the widget on a page, from boot to shutdown: the launcher, the panel when it is first opened, and what
// follows from opening and closing. Everything it adds to the page ends with one signal. A function and what it closes over,
// where elsewhere we would write a class: the names of locals shrink, and this file is loaded by other people's pages.

import { composed } from './config.ts';
import { type Frame, openFrame } from './frame.ts';
import { icon } from './icons.ts';
import { memoryOf } from './memory.ts';
import type { FromPanel, Standing, Unread, Visitor, WidgetConfig } from './messages.ts';
import { lockPage, titleCount } from './page.ts';
import { SMALL, styles } from './styles.ts';
import { english, languageOf } from './words.ts';

/** A launcher in its own colour and language is better than none at all; and so long the panel may take to forget. */
const PATIENCE_MS = 3_000;
const NONE_UNREAD: Unread = { count: 0, short: '', text: '' };

export interface BootOptions extends WidgetConfig, Visitor {
  /** Without the launcher, for a page that has a button of its own. */
  hidden?: boolean;
  /** Gives a token when the panel needs one, at first or before the last one ends. */
  getToken?(): string | Promise<string>;
}

export interface WidgetEvents {
  open: undefined;
  close: undefined;
  unread: number;
  token: undefined;
}

export type Emit = <Name extends keyof WidgetEvents>(name: Name, detail?: WidgetEvents[Name]) => void;

export interface Widget {
  update(options: BootOptions): void;
  identify(visitor: Visitor): void;
  /** Only the launcher: a page that hides it may still open the panel. */
  show(): void;
  hide(): void;
  /** By the visitor's hand, or by the page in his name. */
  open(): void;
  close(): void;
  /** Resolves when nothing is left, in the panel's storage neither. */
  shutdown(): Promise<void>;
}

export function startWidget(base: URL, options: BootOptions, emit: Emit): Widget {
  const life = new AbortController();
  const { signal } = life;
  const host = document.createElement('minicom-widget');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  const launcher = element('button', 'launcher');
  const badge = element('span', 'badge');
  const panel = element('div', 'panel');
  const silence = element('div', 'silent');
  const memory = memoryOf(base.href);
  const countInTitle = titleCount();
  const small = matchMedia(SMALL);
  const observer = new MutationObserver(attach);
  let chosen = options;
  let served: unknown;
  let spoken = english;
  let visitor = visitorOf(options);
  let isOpen = false;
  let unread: Unread = NONE_UNREAD;
  let focusWhenReady = false;
  let frame: Frame | null = null;
  let unlock: (() => void) | null = null;
  let forgotten: { tell(): void; done(): void } | null = null;

  async function begin(): Promise<void> {
    served = await fetched('api/widget');
    await learn();
    if (signal.aborted) return;
    build();
    const before = memory.read();
    if (isOpen) stand(true);
    else if (before !== null) follow(before);
  }

  /** Nothing, where it cannot be had: its own defaults, then; the panel says by itself when there is no server. */
  async function fetched(path: string): Promise<object | undefined> {
    try {
      const request = fetch(new URL(path, base), { credentials: 'omit', signal: AbortSignal.timeout(PATIENCE_MS) });
      // Of a refusal nothing will be understood.
      return await (await request).json();
    } catch {
      return undefined;
    }
  }

  async function learn(): Promise<void> {
    const language = languageOf([config().lang, ...navigator.languages]);
    if (language === spoken.language) return;
    const found = language === 'en' ? english.words : await fetched(`assets/launcher/${language}.json`);
    if (found) spoken = { language, words: { ...english.words, ...found } };
  }

  function build(): void {
    const on = (target: EventTarget | null, names: string, run: (event: Event) => void) => {
      for (const name of names.split(' ')) target?.addEventListener(name, run, { signal });
    };
    root.adoptedStyleSheets = [sheet];
    launcher.ariaHasPopup = panel.role = 'dialog';
    silence.role = 'status';
    silence.dir = 'auto';
    panel.append(silence);
    root.append(panel, launcher);
    on(launcher, 'click', () => (isOpen ? close() : open()));
    on(root, 'keydown', (event) => (event as KeyboardEvent).key === 'Escape' && isOpen && close());
    on(window, 'focus blur', tellStanding);
    on(document, 'visibilitychange', tellStanding);
    on(window, 'storage pageshow', (event) => {
      if ((event as PageTransitionEvent).persisted || memory.concerns(event as StorageEvent)) followOthers();
    });
    on(window, 'pagehide', () => isOpen && memory.write(true));
    on(small, 'change', fit);
    on(visualViewport, 'resize scroll', fit);
    paint();
    attach();
  }

  /** Beside the body, which frameworks replace at will; back again if they take it away all the same. */
  function attach(): void {
    const page = document.documentElement;
    if (host.parentNode !== page) page.append(host);
    for (const parent of [document, page]) observer.observe(parent, { childList: true });
  }

  function config(): WidgetConfig {
    return composed(served, chosen);
  }

  function paint(): void {
    const { icon: name = 'chat' } = config();
    host.lang = spoken.language;
    host.hidden = !!chosen.hidden && !isOpen;
    sheet.replaceSync(styles(config()));
    launcher.replaceChildren(icon(name), icon('less'), badge);
    label();
  }

  function label(): void {
    const { words } = spoken;
    const { launcher: name = words.launcher, title = words.panel } = config();
    launcher.ariaLabel = isOpen ? words.close : name + (unread.count ? `, ${unread.text}` : '');
    launcher.ariaExpanded = `${isOpen}`;
    badge.textContent = unread.short;
    panel.ariaLabel = title;
    if (frame) frame.element.title = title;
  }

  function stand(open: boolean): void {
    const was = isOpen;
    isOpen = open;
    // Not drawn yet: it will be as soon as it is.
    if (!host.isConnected) return;
    if (open) load();
    panel.classList.toggle('open', open);
    host.hidden = !!chosen.hidden && !open;
    label();
    fit();
    tellStanding();
    if (open !== was) emit(open ? 'open' : 'close');
  }

  /** What the panel covers, and what it leaves of the page. */
  function fit(): void {
    const whole = isOpen && small.matches;
    if (whole) {
      unlock ??= lockPage();
    } else {
      unlock?.();
      unlock = null;
    }
    // A phone's keyboard lies over the page; what is left of it is the visual viewport.
    const left = whole && visualViewport && visualViewport.scale < 1.01 && visualViewport;
    panel.style.blockSize = left ? `${left.height}px` : '';
    panel.style.insetBlockStart = left ? `${left.offsetTop}px` : '';
  }

  function load(): Frame {
    if (frame) return frame;
    frame = openFrame(new URL('panel', base), {
      async greeting() {
        // What the page gets wrong is the page's to hear; whoever is nobody is told to sign in.
        if (!visitor.token) await freshToken().catch(reportError);
        return { config: config(), visitor, standing: standing() };
      },
      said,
      silent,
    });
    label();
    panel.prepend(frame.element);
    return frame;
  }

  function said(message: FromPanel): void {
    switch (message.type) {
      case 'ready':
        silence.replaceChildren();
        forgotten?.tell();
        if (focusWhenReady && isOpen) focusPanel();
        break;
      case 'close':
        close();
        break;
      case 'unread':
        count(message);
        break;
      case 'token':
        emit('token');
        void freshToken();
        break;
      case 'others':
        follow(message.open);
        break;
      case 'forgotten':
        forgotten?.done();
        forgotten = null;
    }
  }

  async function freshToken(): Promise<void> {
    const token = await chosen.getToken?.();
    if (token) identify({ token });
  }

  function count(now: Unread): void {
    if (signal.aborted) return;
    const { count } = unread;
    unread = now;
    label();
    countInTitle(now.short);
    if (count !== now.count) emit('unread', now.count);
  }

  function focusPanel(): void {
    focusWhenReady = false;
    frame?.element.focus();
    frame?.tell({ type: 'focus' });
  }

  function tellStanding(): void {
    // Focus that moves between the page and the frame is in neither for a moment.
    setTimeout(() => frame?.tell({ type: 'standing', ...standing() }));
  }

  /** The frame knows by itself whether the focus is within it. */
  function standing(): Standing {
    return { open: isOpen, attended: document.hasFocus() && (!frame || root.activeElement !== frame.element) };
  }

  /** Another tab has opened or closed it, or forgotten who was here. */
  function followOthers(): void {
    const now = memory.read();
    if (now !== null) {
      follow(now);
      return;
    }
    stand(false);
    count(NONE_UNREAD);
    // Whoever opens it meanwhile gets a frame of his own.
    const old = frame;
    frame = null;
    if (old) void forget(old, 'left');
  }

  /** Resolves when the panel has, or takes too long, and is gone. */
  async function forget(old: Frame, type: 'left' | 'forget'): Promise<void> {
    await new Promise<void>((done) => {
      // One that is still loading is told as soon as it hears.
      forgotten = { tell: () => old.tell({ type }), done };
      forgotten.tell();
      setTimeout(done, PATIENCE_MS);
    });
    old.remove();
  }

  function follow(open: boolean): void {
    load();
    // Nobody asked this page to be covered whole.
    stand(open && (isOpen || !small.matches));
  }

  function silent(): void {
    const again = element('button', '');
    again.textContent = spoken.words.again;
    again.onclick = () => {
      silence.replaceChildren();
      frame?.load();
    };
    silence.replaceChildren(spoken.words.silent, again);
  }

  function open(): void {
    focusWhenReady = true;
    stand(true);
    memory.write(true);
    if (frame?.ready()) focusPanel();
  }

  function close(): void {
    const within = root.activeElement;
    stand(false);
    memory.write(false);
    if (within) launcher.focus();
  }

  function show(shown: boolean): void {
    chosen.hidden = !shown;
    host.hidden = !shown && !isOpen;
  }

  function identify(as: Visitor): void {
    visitor = visitorOf(as);
    frame?.tell({ type: 'visitor', visitor });
  }

  void begin();
  return {
    open,
    close,
    identify,
    show: () => show(true),
    hide: () => show(false),
    update(changes) {
      chosen = { ...chosen, ...changes };
      if ('email' in changes || 'token' in changes) identify(changes);
      paint();
      void learn().then(paint);
      frame?.tell({ type: 'settings', config: config() });
    },
    async shutdown() {
      const known = frame || memory.read() !== null;
      stand(false);
      countInTitle('');
      observer.disconnect();
      life.abort();
      memory.clear();
      if (known) {
        // Nothing to be seen, while the frame is still there to do its work.
        launcher.remove();
        if (!host.isConnected) document.documentElement.append(host);
        await forget(load(), 'forget');
      }
      host.remove();
    },
  };
}

function visitorOf({ email, token }: Visitor): Visitor {
  return { email, token };
}

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, name: string): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
