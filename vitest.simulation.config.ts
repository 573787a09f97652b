import { defineConfig } from 'vitest/config';

const env = { TZ: 'UTC', SIMULATION: 'full', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
const PROCESSES = 'test/simulation/processes/**/*.sim.test.ts';

// `npm run test:simulation`: the scenarios of test/simulation at their full size; `npm test` runs them small. Real
// processes come after them, one file at a time: their times are of a machine that does nothing else.
export default defineConfig({
  test: {
    maxWorkers: 2,
    // Once for all projects: what they measured is one table.
    globalSetup: ['test/simulation/report/setup.ts'],
    projects: [
      {
        test: {
          name: 'virtual-time',
          include: ['test/simulation/**/*.test.ts'],
          exclude: [PROCESSES],
          testTimeout: 1_800_000,
          hookTimeout: 60_000,
          // A world of 100,000 scans, and everything that was ever told of it. Most of what it makes lives as long as a
          // message: room for that spares copies, about a tenth of the time.
          execArgv: ['--max-old-space-size=8192', '--max-semi-space-size=64'],
          sequence: { groupOrder: 0 },
          env,
        },
      },
      {
        test: {
          name: 'processes',
          include: [
            ...[PROCESSES, 'test/flow/cost.test.ts', 'test/flow/hostile-blobs.sim.test.ts'],
            ...['test/flow/api-generated.test.ts', 'test/flow/same-answers.test.ts'],
          ],
          globalSetup: ['test/package-once.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          fileParallelism: false,
          // DynamoDB, the queues and the sinks are in this process: room for them spares copies.
          execArgv: ['--max-semi-space-size=64'],
          sequence: { groupOrder: 1 },
          env,
        },
      },
    ],
  },
});
