// How the widget looks: the server's choices, and the page's on top. What is not understood is
// left out, so that a slip of the pen costs one choice and never the chat.

import type { WidgetConfig } from './messages.ts';
import { languageOf } from './words.ts';

type Check = (value: unknown) => unknown;

// Nothing else can be trimmed.
const text: Check = (value) => (value as Partial<string> | null | undefined)?.trim?.();
const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const distance: Check = (value) => typeof value === 'number' && value >= 0 && value <= 400;

const CHECKS: { [Key in keyof Required<Omit<WidgetConfig, 'languages'>>]: Check } = {
  accent: (value) => /^#([\da-f]{3}){1,2}$/i.test(`${value}`),
  side: oneOf('start', 'end'),
  offset: (value) => {
    const offset = value as WidgetConfig['offset'];
    return distance(offset?.inline) && distance(offset?.block);
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
    for (const key in CHECKS) if (CHECKS[key as keyof typeof CHECKS](choices[key])) config[key] = choices[key];
  }
  return config;
}

/** What the server has chosen and the page on top; a language that the server does not allow is none that the page chose. */
export function composed(served: unknown, chosen: WidgetConfig): WidgetConfig {
  const { lang, languages } = Object(served) as WidgetConfig;
  return merged(served, chosen, (languages?.includes(languageOf(chosen.lang)) ?? 1) || { lang });
}
