// The launcher's own styles, for a shadow root. They are made by script as a constructable sheet, which no content
// security policy of the page forbids; what is put into the text has been checked.

import { onAccent } from './config.ts';
import type { WidgetConfig } from './messages.ts';

/** Below this, in either direction, the panel is the whole screen. */
export const SMALL = '(width < 480px), (height < 480px)';

const ACCENT = '#4356d6';
/** Over what pages usually put on top. */
const Z_INDEX = 2_147_483_000;

export function styles(config: WidgetConfig, rtl: boolean): string {
  const { accent = ACCENT, side = 'end', zIndex = Z_INDEX, theme = 'system' } = config;
  const { inline, block } = config.offset ?? { inline: 20, block: 20 };
  const corner = (side === 'end') === rtl ? 'left' : 'right';
  return `
:host{all:initial;position:fixed!important;display:block!important;z-index:${zIndex}!important;color-scheme:${theme === 'system' ? 'light dark' : theme}}
:host([hidden]){display:none!important}
@media print{:host{display:none!important}}
*{box-sizing:border-box}
.launcher{all:unset;position:fixed;inset-block-end:calc(${block}px + env(safe-area-inset-bottom));
inset-inline-${side}:${inline}px;inline-size:56px;block-size:56px;border-radius:50%;cursor:pointer;
display:grid;place-items:center;color:${onAccent(accent)};background:${accent};
box-shadow:0 0 0 1px rgb(0 0 0/.08),0 4px 20px rgb(0 0 0/.2);
transition:transform .2s cubic-bezier(.2,0,0,1);animation:in .2s cubic-bezier(.2,0,0,1)}
.launcher:hover{transform:scale(1.04)}
button:focus-visible{outline:2px solid light-dark(#111,#fff);outline-offset:3px}
.launcher>svg,.launcher>img{grid-area:1/1;inline-size:28px;block-size:28px;object-fit:contain;
transition:opacity .2s,transform .2s cubic-bezier(.2,0,0,1)}
svg{fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.launcher[aria-expanded=true]>:first-child,.launcher[aria-expanded=false]>.less{opacity:0;transform:rotate(30deg) scale(.6)}
.badge{position:absolute;inset-block-start:-5px;inset-inline-end:-5px;min-inline-size:22px;block-size:22px;
padding-inline:6px;border-radius:11px;display:grid;place-items:center;color:#fff;background:#c8281e;
font:600 12px/1 system-ui,sans-serif;box-shadow:0 0 0 2px light-dark(#fff,#17181c)}
.badge:empty{display:none}
.panel{position:fixed;inset-block-end:${block + 72}px;inset-inline-${side}:${inline}px;
inline-size:min(400px,100vw - ${2 * inline}px);block-size:min(704px,100vh - ${block + 92}px);overflow:hidden;
border-radius:16px;color:light-dark(#1d1f27,#eeeff2);background:light-dark(#fff,#17181c);
box-shadow:0 0 0 1px light-dark(rgb(0 0 0/.08),rgb(255 255 255/.1)),0 12px 48px rgb(0 0 0/.2);
visibility:hidden;opacity:0;transform:scale(.98);transform-origin:bottom ${corner};
transition:opacity .2s cubic-bezier(.2,0,0,1),transform .2s cubic-bezier(.2,0,0,1),visibility 0s .2s}
.panel.open{visibility:visible;opacity:1;transform:none;transition-delay:0s}
iframe{position:absolute;inset:0;inline-size:100%;block-size:100%;border:0;opacity:0;transition:opacity .2s}
iframe.ready{opacity:1}
.silent{display:grid;place-content:center;justify-items:center;gap:12px;block-size:100%;
font:400 14px/20px system-ui,sans-serif}
.silent button{all:unset;cursor:pointer;padding:10px 16px;border-radius:10px;color:${onAccent(accent)};background:${accent}}
@media ${SMALL}{
.panel{inset:0;inline-size:100%;block-size:100%;border-radius:0;box-shadow:none;transform:translateY(12px)}
.panel.open:has(.ready)~.launcher{display:none}
}
@media (prefers-reduced-motion:reduce){*{transition-duration:1ms!important;animation-duration:1ms!important}}
@keyframes in{from{opacity:0;transform:scale(.8)}}
`;
}

/** On the page itself, while the panel is the whole screen. */
export function lockStyles(scrolled: number): string {
  return `html{overflow:hidden!important;overscroll-behavior:none!important}
body{position:fixed!important;inset-inline:0!important;inset-block-start:${-scrolled}px!important;overflow:hidden!important}`;
}
