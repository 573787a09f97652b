import { defineConfig } from 'vitest/config';

/**
 * A simulation has a process to itself: what it loads is slow in one that has loaded much else. All others share the
 * modules that their worker has loaded.
 */
const SIMULATION = 'test/simulation/**/*.test.ts';

const EACH = {
  // What hangs is found by it; a machine that others load takes a few times as long as a quiet one.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // The SDK's word on Node 20 is for who deploys with it.
  env: { TZ: 'UTC', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
};

export default defineConfig({
  test: {
    // Once for both.
    globalSetup: ['test/package-once.ts'],
    // One more than the cores that there are at least: the flows wait for most of their time.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...EACH,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [SIMULATION, 'test/cloud/**', 'test/browser/**', 'test/**/*.sim.test.ts'],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...EACH,
          name: 'alone',
          include: [SIMULATION],
          // What needs days to say anything is played by `npm run test:simulation` alone.
          exclude: ['test/**/*.sim.test.ts', 'test/simulation/ninety-days.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
