// How the widget looks: the server's choices, and the page's on top. What is not understood is
// left out, so that a slip of the pen costs one choice and never the chat.

import type { WidgetConfig } from './messages.ts';

const MAX_OFFSET = 400;

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && !!value.trim();
const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const distance: Check = (value) => typeof value === 'number' && value >= 0 && value <= MAX_OFFSET;

const CHECKS: { [Key in keyof Required<WidgetConfig>]: Check } = {
  accent: (value) => /^#([\da-f]{3}){1,2}$/i.test(`${value}`),
  side: oneOf('start', 'end'),
  offset: (value) => {
    const { inline, block } = Object(value) as Record<string, unknown>;
    return distance(inline) && distance(block);
  },
  icon: (value) => /^(chat|question|mail|(https?:\/)?\/\S+)$/.test(`${value}`),
  theme: oneOf('light', 'dark', 'system'),
  zIndex: Number.isInteger,
  title: text,
  greeting: text,
  intro: text,
  launcher: text,
  appeals: text,
  lang: text,
};

/** Later ones win; `undefined` says nothing. */
export function merged(...layers: unknown[]): WidgetConfig {
  const config: Record<string, unknown> = {};
  for (const layer of layers) {
    const choices = Object(layer) as Record<string, unknown>;
    for (const [key, fits] of Object.entries(CHECKS)) if (fits(choices[key])) config[key] = choices[key];
  }
  return config;
}
