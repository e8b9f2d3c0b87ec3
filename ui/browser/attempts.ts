// Says why an attempt of a test failed, also if the next one passes: the report alone says that there were two.

import { afterEach } from 'vitest';

const told = new Set<object>();

// What is found when a test is put away is told after the next attempt.
afterEach(({ task }) => {
  for (const error of task.result?.errors ?? []) {
    if (told.has(error)) continue;
    told.add(error);
    console.error(`an attempt of “${task.name}” failed: ${error.stack}`);
  }
});
