<<<<<<<< HEAD:minicom-web/dist/assets/pseudo-B8cB14tZ.js
import{t as e}from"./widget-BccxQo0v.js";var t={a:`á`,e:`é`,i:`í`,o:`ó`,u:`ú`,A:`Á`,E:`É`,I:`Í`,O:`Ó`};function n(e){return`[${e}]`}function r(e){return n(e.replace(/[aeiouAEIO]/g,e=>t[e]??e))}function i(e){return typeof e==`string`?r(e):t=>n(e(t))}function a(e){return Object.fromEntries(Object.entries(e).map(([e,t])=>[e,i(t)]))}var o=a(e);export{o as words};
========
import{V as e}from"./shared-eBOILbeN.js";var t={a:`á`,e:`é`,i:`í`,o:`ó`,u:`ú`,A:`Á`,E:`É`,I:`Í`,O:`Ó`};function n(e){return`[${e}]`}function r(e){return n(e.replace(/[aeiouAEIO]/g,e=>t[e]??e))}function i(e){return typeof e==`string`?r(e):t=>n(e(t))}var a=Object.fromEntries(Object.entries(e).map(([e,t])=>[e,i(t)]));export{a as words};
>>>>>>>> desk:minicom-web/dist/assets/pseudo-CKBG3RRj.js
