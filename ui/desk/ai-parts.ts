// The desk always has what is drawn of an AI, and says it in its own words.

import '../parts/ai.css';
import './ai.css';
import { effect } from '@preact/signals';
import { Draft } from '../parts/ai-draft.tsx';
import { AiFace } from '../parts/ai-face.tsx';
import { aiParts } from '../parts/ai-parts.ts';
import { AiVerdict } from '../parts/ai-verdict.tsx';
import { VisitorsLine } from '../parts/event-line.tsx';
import { Sources } from '../parts/sources.tsx';
import { weave } from '../parts/weave.ts';
import { aiWords } from '../words/ai-words.ts';
import { words } from '../words/index.ts';

aiParts.value = { Face: AiFace, Draft, Sources, Verdict: AiVerdict, weave, Line: VisitorsLine };
effect(() => {
  aiWords.value = words.value;
});
