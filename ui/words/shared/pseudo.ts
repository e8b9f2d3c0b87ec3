// The pseudo-locale, of what both pages say.

import { disguised } from '../disguise.ts';
import { words as english } from './en.ts';

export const words = disguised(english);
