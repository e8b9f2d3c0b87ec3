// The launcher's own styles, for a shadow root. They are made by script as a constructable sheet, which no content
// security policy of the page forbids; what is put into the text has been checked.

import type { WidgetConfig } from './messages.ts';

/** Below this, in either direction, the panel is the whole screen. */
export const SMALL = '(width < 480px), (height < 480px)';

/** As in the panel. */
const ACCENT = 'light-dark(oklch(.53 .205 268),oklch(.565 .19 270))';
/** Over what pages usually put on top. */
const Z_INDEX = 2_147_483_000;

/** The colour of text on another: white where its contrast is 4.5, so up to this luminance, black otherwise. */
const ON = 'clamp(0,(.1833 - .2126*r - .7152*g - .0722*b)*1e6,1)';

export function styles(config: WidgetConfig): string {
  const { accent = ACCENT, side = 'end', zIndex = Z_INDEX, theme = 'system' } = config;
  const { inline, block } = config.offset ?? { inline: 20, block: 20 };
  // Our own takes white.
  const on = config.accent ? `color(from ${config.accent} srgb-linear ${ON} ${ON} ${ON})` : '#fff';
  return `
:host{all:initial;font:14px/20px system-ui,sans-serif;position:fixed!important;display:block!important;z-index:${zIndex}!important;color-scheme:${theme === 'system' ? 'light dark' : theme}}
:host([hidden]){display:none!important}
@media print{:host{display:none!important}}
*{box-sizing:border-box;transition:.2s cubic-bezier(.2,0,0,1);transition-property:opacity,transform,visibility}
button{all:unset;cursor:pointer;padding:10px 16px;border-radius:10px;color:${on};background:${accent}}
button:focus-visible{outline:2px solid light-dark(#111,#fff);outline-offset:3px}
.launcher,.badge,.silent{display:grid;place-items:center}
.launcher{position:fixed;inset-block-end:calc(${block}px + env(safe-area-inset-bottom));inset-inline-${side}:${inline}px;
padding:0;inline-size:56px;block-size:56px;border-radius:50%;animation:in .2s;
box-shadow:0 0 0 1px rgb(0 0 0/.08),0 4px 20px rgb(0 0 0/.2)}
.launcher:hover{transform:scale(1.04)}
svg,img{grid-area:1/1;inline-size:28px;block-size:28px;object-fit:contain}
svg{fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
[aria-expanded=true]>:first-child,[aria-expanded=false]>.less{opacity:0;transform:rotate(30deg) scale(.6)}
.badge{position:absolute;inset-block-start:-5px;inset-inline-end:-5px;min-inline-size:22px;block-size:22px;
padding-inline:6px;border-radius:11px;color:#fff;background:#c8281e;
font-size:12px;font-weight:600;box-shadow:0 0 0 2px light-dark(#fff,#16171b)}
.panel{position:fixed;inset-block-end:${block + 72}px;inset-inline-${side}:${inline}px;
inline-size:min(400px,100vw - ${2 * inline}px);block-size:min(704px,100vh - ${block + 92}px);overflow:hidden;
border-radius:16px;color:light-dark(#111,#fff);background:light-dark(#fff,#16171b);
box-shadow:0 0 0 1px rgb(128 128 128/.2),0 12px 48px rgb(0 0 0/.2);
visibility:hidden;opacity:0;transform:scale(.98);transform-origin:bottom}
.open{visibility:visible;opacity:1;transform:none}
iframe{position:absolute;inset:0;inline-size:100%;block-size:100%;border:0;opacity:0}
.ready{opacity:1}
.silent{position:relative;place-content:center;gap:12px;block-size:100%}
.badge:empty,.silent:empty{display:none}
@media ${SMALL}{
.panel{inset:0;inline-size:100%;block-size:100%;border-radius:0;box-shadow:none}
.open:has(.ready)~.launcher{display:none}
}
@media (prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}
@keyframes in{from{opacity:0;transform:scale(.8)}}
`;
}

/** On the page itself, while the panel is the whole screen. */
export function lockStyles(scrolled: number): string {
  return `html{overflow:hidden!important;overscroll-behavior:none!important}
body{position:fixed!important;inset-inline:0!important;inset-block-start:${-scrolled}px!important;overflow:hidden!important}`;
}
