// How the panel is chosen to look: accent, theme and texts, from the server or from the page around it.

import { signal } from '@preact/signals';
import { merged } from '../loader/config.ts';
import type { WidgetConfig } from '../loader/messages.ts';
import { pageWishes, prefer, speak } from '../words/index.ts';
import { onAccent } from './accent.ts';

/** What was chosen; whatever is not there has its default where it is drawn. */
export const look = signal<WidgetConfig>({});

export function applyLook(chosen: unknown): void {
  const config = merged(chosen);
  const another = config.lang !== look.value.lang;
  look.value = config;
  // The session's answer waits for the language too, so that it is there at the first sight.
  if (another) {
    prefer(config.lang);
    void speak(pageWishes());
  }
  paintAccent(config.accent);
  paintTheme(config.theme ?? 'system');
}

/** For the page that stands alone; what frames us brings its own copy. */
export async function loadLook(): Promise<void> {
  try {
    const answer = await fetch(new URL(`api/widget${location.search}`, document.baseURI));
    if (answer.ok) applyLook(await answer.json());
  } catch {
    // Its own defaults, then.
  }
}

function paintAccent(accent: string | undefined): void {
  const { style } = document.documentElement;
  const on = accent === undefined ? '' : onAccent(accent);
  // Away from the text's colour, so that hovering never makes it harder to read.
  const away = on === '#fff' ? '#000' : '#fff';
  const mixed = (percent: number) => (accent ? `color-mix(in oklab, ${accent}, ${away} ${percent}%)` : '');
  style.setProperty('--accent', accent ?? '');
  style.setProperty('--on-accent', on);
  style.setProperty('--accent-hover', mixed(10));
  style.setProperty('--accent-pressed', mixed(18));
}

const DARK = '(prefers-color-scheme: dark)';

/** The sheets say what is dark in rules for dark systems; for another choice than the system's, the rules are told. */
let darkRules: CSSMediaRule[] | null = null;

function paintTheme(theme: 'light' | 'dark' | 'system'): void {
  darkRules ??= [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].filter(
      (rule) => rule instanceof CSSMediaRule && /prefers-color-scheme:\s*dark/.test(rule.media.mediaText),
    ),
  ) as CSSMediaRule[];
  const media = { system: DARK, dark: 'all', light: 'not all' }[theme];
  for (const rule of darkRules) rule.media.mediaText = media;
  document.documentElement.style.colorScheme = theme === 'system' ? '' : theme;
}
