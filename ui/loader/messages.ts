// What the launcher on the host's page and the panel in its frame say to each other, and how the panel is chosen to look.
// The first message brings a port; everything else goes through it, so that nobody else on the page hears or speaks.

/** As `GET /api/widget` answers, and as a page may say otherwise. */
export interface WidgetConfig {
  /** `#rrggbb` or `#rgb`. */
  accent?: string;
  side?: 'start' | 'end';
  /** From the edges of the window, in CSS pixels. */
  offset?: { inline: number; block: number };
  /** One of ours, or the address of an image that the page's own policy lets in. */
  icon?: string;
  theme?: 'light' | 'dark' | 'system';
  zIndex?: number;
  title?: string;
  greeting?: string;
  intro?: string;
  /** What a banned visitor is told. */
  appeals?: string;
  /** What a screen reader says of the launcher. */
  launcher?: string;
  /** The language that launcher and panel speak, as a tag such as `de` or `pt-BR`. */
  lang?: string;
  /** The server's alone: nothing else may be spoken, and its own `lang` is one of these. */
  languages?: string[];
}

/** Who the page says its visitor is. */
export interface Visitor {
  /** Believed only where the server takes identity from the path. */
  email?: string;
  /** Judged by the server's authenticator. */
  token?: string;
}

/** Whether the panel is on the screen, and whether the page around it has somebody's attention. */
export interface Standing {
  open: boolean;
  attended: boolean;
}

export type ToPanel =
  | { type: 'settings'; config: WidgetConfig }
  | { type: 'visitor'; visitor: Visitor }
  | ({ type: 'standing' } & Standing)
  /** The visitor has opened it: put the cursor where he writes. */
  | { type: 'focus' }
  /** Leave nothing of him: in this tab, because another has said so, or in this browser. */
  | { type: 'left' }
  | { type: 'forget' };

/** How many messages are unread, as a number, for a badge (empty for none) and in words. */
export interface Unread {
  count: number;
  short: string;
  text: string;
}

export type FromPanel =
  | { type: 'ready' }
  | { type: 'close' }
  | ({ type: 'unread' } & Unread)
  /** The token is not or no longer believed; a fresh one is needed. */
  | { type: 'token' }
  /** The visitor has opened or closed it in another tab. */
  | { type: 'others'; open: boolean }
  | { type: 'forgotten' };

/** The first message, with a port. The nonce is the one in the frame's address. */
export interface Greeting {
  nonce: string;
  config: WidgetConfig;
  visitor: Visitor;
  standing: Standing;
}
