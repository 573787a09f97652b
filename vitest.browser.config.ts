import { defineConfig } from 'vitest/config';

// `npm run test:browser`: the console and the pages of docs in Debian's Chromium. Not a part of `npm test`, for it needs a browser.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/browser/prepare.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // A second is not enough where others use the machine as well.
    expect: { poll: { timeout: 20_000 } },
    // What is measured is measured alone.
    maxWorkers: 1,
    fileParallelism: false,
    env: { TZ: 'UTC' },
  },
});
