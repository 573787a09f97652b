import { defineConfig } from 'vitest/config';

// `npm run test:cloud`: not a part of `npm test`, for it needs Python and takes minutes.
export default defineConfig({
  test: {
    include: ['test/cloud/**/*.test.ts'],
    globalSetup: ['test/cloud/prepare.ts', 'test/cloud/oracles/prepare.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    env: { TZ: 'UTC' },
  },
});
