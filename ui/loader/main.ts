// `widget.js`, as a page loads it: finds out where it came from, and takes over. A page that puts it elsewhere than into a
// script with an address hears of it as an error.

import { api, install } from './api.ts';

const { src, dataset } = document.currentScript as HTMLScriptElement;
install(window as object, api(new URL('.', src)), 'manual' in dataset);
