// The agents' page: starts everything and puts it on the screen.

import '../tokens.css';
import '../base.css';
import '../parts/thread.css';
import '../parts/composer.css';
import './desk.css';
import { render } from 'preact';
import { fitKeyboard, watchAttention } from '../parts/attention.ts';
import { loadSession } from '../parts/session-state.ts';
import { wake } from './agent-state.ts';
import { App } from './app.tsx';

watchAttention(wake);
fitKeyboard();
void loadSession();

const root = document.getElementById('app');
if (root) render(<App />, root);
