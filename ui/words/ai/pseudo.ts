// What both pages say of the AI, in the pseudo-locale.

import { disguised } from '../disguise.ts';
import { ai as english } from './en.ts';

export const ai = disguised(english);
