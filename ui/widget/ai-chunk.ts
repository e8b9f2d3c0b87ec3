// All that a visitor's page needs where an AI answers, as one chunk. Its styles come with it as a sheet of their own, because a
// page that loads no chunk needs no styles for it either.

import { Ai, type AiContext } from '../client/ai.ts';
import { adopt } from '../parts/adopt.ts';
import sharedStyles from '../parts/ai.css?inline';
import { Draft } from '../parts/ai-draft.tsx';
import { AiFace } from '../parts/ai-face.tsx';
import { aiParts } from '../parts/ai-parts.ts';
import { AiVerdict } from '../parts/ai-verdict.tsx';
import { VisitorsLine } from '../parts/event-line.tsx';
import { Sources } from '../parts/sources.tsx';
import { weave } from '../parts/weave.ts';
import { followLanguage } from '../words/ai-files.ts';
import barStyles from './ai-bar.css?inline';
import { AiBar, AiFirst } from './ai-bar.tsx';

const ready = (async () => {
  adopt(sharedStyles + barStyles);
  await followLanguage();
  aiParts.value = {
    Face: AiFace,
    Draft,
    Sources,
    Verdict: AiVerdict,
    weave,
    Line: VisitorsLine,
    Bar: AiBar,
    First: AiFirst,
  };
})();

export async function makeAi(context: AiContext): Promise<Ai> {
  await ready;
  return new Ai(context);
}
