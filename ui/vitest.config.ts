// Unit tests: the protocol client against a scripted socket, and the parts against happy-dom.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: [
      'client/**/*.test.ts',
      'loader/**/*.test.ts',
      'parts/**/*.test.{ts,tsx}',
      'widget/**/*.test.{ts,tsx}',
      'desk/**/*.test.tsx',
    ],
    environment: 'happy-dom',
  },
});
