// The pictures of the documentation; `scripts/screenshots` runs this.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  cacheDir: fileURLToPath(new URL('../node_modules/.vite-browser', import.meta.url)),
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['docs.pictures.ts'],
    environment: 'node',
    testTimeout: 60_000,
  },
});
