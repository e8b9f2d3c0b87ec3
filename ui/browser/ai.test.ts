// An AI that answers, as visitors and agents see it: against the example `custom-responder`, which knows three things.
// Tests begin with the number of the behaviour they prove, where there is one.

import { type Browser, expect as expectOf, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { removeAfter, test as base } from './fixture.ts';
import { Agent, screenshot, Visitor } from './people.ts';
import { say, Wire } from './seed.ts';
import { Server } from './server.ts';
