// How the widget looks: the server's choices, the page's on top, and what follows from them. What is not understood is
// left out, so that a slip of the pen costs one choice and never the chat.

import type { WidgetConfig } from './messages.ts';

const MAX_OFFSET = 400;

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.trim() !== '';
const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const distance: Check = (value) => typeof value === 'number' && value >= 0 && value <= MAX_OFFSET;

const CHECKS: { [Key in keyof Required<WidgetConfig>]: Check } = {
  accent: (value) => typeof value === 'string' && /^#([\da-f]{3}|[\da-f]{6})$/i.test(value),
  side: oneOf('start', 'end'),
  offset: (value) => {
    const { inline, block } = Object(value) as Record<string, unknown>;
    return distance(inline) && distance(block);
  },
  icon: (value) => typeof value === 'string' && /^(chat|question|mail|(https?:\/)?\/\S+)$/.test(value),
  theme: oneOf('light', 'dark', 'system'),
  zIndex: Number.isInteger,
  title: text,
  greeting: text,
  intro: text,
  launcher: text,
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

/** Relative luminance as WCAG 2 defines it, without its straight piece next to black: a difference below 0.001. */
function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/[\da-f]/gi, '$&$&') : colour;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The colour of text on this one: white where it reaches a contrast of 4.5, black otherwise, which then always does. */
export function onAccent(accent: string | undefined): string {
  // Our own takes white.
  return !accent || 1.05 / (luminance(accent) + 0.05) >= 4.5 ? '#fff' : '#000';
}
