// The visitor's page, alone or in a frame: starts everything and puts it on the screen.

import '../tokens.css';
import '../base.css';
import '../parts/thread.css';
import '../parts/composer.css';
import './widget.css';
import { render } from 'preact';
import { fitKeyboard, watchAttention } from '../parts/attention.ts';
import { loadSession } from '../parts/session-state.ts';
import { App } from './app.tsx';
import { embedded, greeted, sayReady } from './embedded.ts';
import { loadLook } from './look.ts';
import { followVisitor, vouchedFor, wake } from './visitor-state.ts';

const LOOK_MS = 500;

async function start(): Promise<void> {
  // Alone, the right colour is worth a short wait, and no more.
  if (embedded) await greeted();
  else await Promise.race([loadLook(), new Promise((late) => setTimeout(late, LOOK_MS))]);
  if (!embedded) fitKeyboard();
  watchAttention(wake);
  followVisitor();
  const root = document.getElementById('app');
  if (root) render(<App />, root);
  sayReady();
  await loadSession(vouchedFor.value.token);
}

void start();
