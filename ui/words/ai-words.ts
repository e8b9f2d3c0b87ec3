// The words of what is drawn of the AI on both pages. A visitor's page loads them with the rest of it, when there is one.

import { signal } from '@preact/signals';
import { type AiWords, ai as english } from './ai/en.ts';

export const aiWords = signal<AiWords>(english);
