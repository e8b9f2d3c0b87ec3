// Browser tests: real Chromium, the real server binary. One file at a time, because each starts its own server.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  cacheDir: fileURLToPath(new URL('../node_modules/.vite-browser', import.meta.url)),
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.test.ts'],
    environment: 'node',
    setupFiles: ['attempts.ts'],
    fileParallelism: false,
    // For what hangs; a busy machine takes three times as long, and that is no failure.
    testTimeout: 180_000,
    // Real windows on a machine that does other things: once more, before it counts. The report says so.
    retry: 1,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
