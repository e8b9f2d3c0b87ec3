// The visitor's page: starts everything and puts it on the screen.

import '../tokens.css';
import '../base.css';
import '../parts/thread.css';
import '../parts/composer.css';
import './widget.css';
import { render } from 'preact';
import { fitKeyboard, watchAttention } from '../parts/attention.ts';
import { loadSession } from '../parts/session-state.ts';
import { App } from './app.tsx';
import { followVisitor, wake } from './visitor-state.ts';

watchAttention(wake);
fitKeyboard();
followVisitor();
void loadSession();

const root = document.getElementById('app');
if (root) render(<App />, root);
