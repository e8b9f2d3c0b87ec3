// The pseudo-locale, of what the desk alone says.

import { disguised } from './disguise.ts';
import { words as english } from './en.ts';

export const words = disguised(english);
