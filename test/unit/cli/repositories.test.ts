import { expect, test } from 'vitest';
import { recordDemo } from '../../browser/scene.ts';
import { commitOf } from '../../browser/world.ts';
import { cliOver } from '../../doubles/cli.ts';
import { STOPPED_CLOCK } from '../../doubles/console.ts';

const cli = cliOver(recordDemo);
const ask = (...args: readonly string[]) =>
  cli.ask(['repositories', ...args], { NODE_OPTIONS: `--import ${STOPPED_CLOCK}` });

test('the worst first: what is open, what runs, what is not scanned, and how far that is known', async () => {
  const { stdout, exit } = await ask();
  expect(exit).toBe(0);
  const lines = stdout.split('\n');
  expect(lines.slice(0, 8)).toEqual([
    'demo-api in 111122223333/eu-west-1  RUNS WITH CRITICALS',
    `  latest  1 critical, 2 high, 22 medium, 24 low; 3 fixable  ${commitOf('release 13').slice(0, 12)}  open since 4 h 24 min ago`,
    '  runs      prod/checkout (1), prod/worker (1): latest, 1 critical, 2 high, 22 medium, 24 low; 3 fixable',
    '  last push 2026-11-20 07:30:00 UTC (07:30:00Z)',
    '  history   verified at 2026-11-20 11:50:00 UTC (11:50:00Z)',
    'payments/ledger in 111122223333/eu-west-1  CRITICALS',
    `  main  1 critical, 6 high; 7 fixable  ${commitOf('payments/ledger').slice(0, 12)}  open since 2 d 22 h ago`,
    '  last push 2026-11-17 13:00:00 UTC (13:00:00Z)',
  ]);
  for (const line of [
    `  latest  not scanned (UNSUPPORTED_IMAGE); the image before: 1 high; 1 fixable  ${commitOf('bridge').slice(0, 12)}  since 2 d 4 h ago`,
    `  latest  waits for its scan; the image before: no findings  ${commitOf('batch').slice(0, 12)}  since 3 min ago`,
    'young-api in 111122223333/eu-west-1  no scan on record: this does not mean clean',
    '  history   INCOMPLETE: never held against the registry, so a push that AWS never told of is missing',
    '  audit     111122223333/eu-west-1: 1 high, 4 medium, at 2026-11-20 04:30:00 UTC (04:30:00Z); scan-response audit says what',
  ])
    expect(lines).toContain(line);
  expect(stdout).not.toContain('more');
});

test('a page says how to read on', async () => {
  const first = await ask('--limit', '2');
  expect(first.stdout).toMatch(
    /^demo-api.*payments\/ledger.*\n {2}more {6}--after u\.1\.2\.111122223333:eu-west-1:demo-api\n$/s,
  );
  const second = await ask('--limit', '2', '--after', 'u.1.2.111122223333:eu-west-1:demo-api');
  expect(second.stdout).toMatch(/^legacy\/mainframe-bridge/);
});

test.each([
  [['--limit', '0'], '--limit takes a number from 1 to 100'],
  [['--after', 'x'], 'no list ended there: take the `next` of the page before'],
  [['demo-api'], 'usage: scan-response repositories'],
])('%j is wrong usage', async (args, words) => {
  expect(await ask(...args)).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining(words) });
});
