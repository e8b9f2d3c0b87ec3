// The agents' page: starts everything and puts it on the screen.

import '../tokens.css';
import './tokens.css';
import '../base.css';
import '../parts/thread.css';
import '../parts/composer.css';
import './desk.css';
import './tools.css';
import './ban.css';
import './moderation.css';
import './agents.css';
import '../words/desk.ts';
import './ai-parts.ts';
import { render } from 'preact';
import { fitKeyboard, watchAttention } from '../parts/attention.ts';
import { loadMarkdown } from '../parts/rich-text.tsx';
import { loadSession } from '../parts/session-state.ts';
import { wake } from './agent-state.ts';
import { unlockAlerts } from './alerts.ts';
import { App } from './app.tsx';

watchAttention(wake);
fitKeyboard();
unlockAlerts();
loadMarkdown();
void loadSession();

const root = document.getElementById('app');
if (root) render(<App />, root);
