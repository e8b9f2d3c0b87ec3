// What both pages say of the AI, in the pseudo-locale.

import { disguised } from '../pseudo.ts';
import { ai as english } from './en.ts';

export const ai = disguised(english);
