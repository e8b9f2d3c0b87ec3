// The page of the agents' login: starts everything and puts it on the screen.

import '../tokens.css';
import '../base.css';
import './login.css';
import { render } from 'preact';
import { fitKeyboard } from '../parts/attention.ts';
import { pageWishes, speak } from '../words/index.ts';
import { speakLogin } from '../words/login-words.ts';
import { App } from './app.tsx';
import { takeErrand } from './errand.ts';

fitKeyboard();
// At once: what stands in the address may be a secret.
const errand = takeErrand();

void speak(pageWishes())
  .then(speakLogin)
  .then(() => {
    const root = document.getElementById('app');
    if (root) render(<App errand={errand} />, root);
  });
