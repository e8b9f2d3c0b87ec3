// The pseudo-locale, of what the page of the login says.

import { disguised } from '../disguise.ts';
import { login as english } from './en.ts';

export const login = disguised(english);
