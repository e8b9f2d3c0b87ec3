// `widget.js`, as a page loads it: finds out where it came from, and takes over.

import { api, install } from './api.ts';

const script = document.currentScript as HTMLScriptElement | null;
if (script?.src) install(window as object, api(new URL('.', script.src)), 'manual' in script.dataset);
else console.error('Minicom: no script src');
