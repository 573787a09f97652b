import { expect, test } from 'vitest';
import { BadReference } from '../../../lib/errors.ts';
import { runsPlatform } from '../../../lib/workload/architecture.ts';
import { runsOf } from '../../../lib/workload/run.ts';
import { parseWorkload } from '../../../lib/workload/workload.ts';
import { aContainer, aTask } from '../../build/ecs.ts';
import { at } from '../../build/lineage.ts';

test.each([
  ['prod/checkout', { cluster: 'prod', name: 'checkout' }],
  ['prod/family:nightly', { cluster: 'prod', name: 'family:nightly' }],
  [
    'arn:aws:ecs:eu-west-1:111122223333:service/prod/checkout',
    { account: '111122223333', region: 'eu-west-1', cluster: 'prod', name: 'checkout' },
  ],
])('%s', (text, expected) => {
  expect(parseWorkload(text)).toEqual(expected);
});

test.each([
  'checkout',
  'prod/check#out',
  '/x',
  'prod/',
  'a/b/c',
  'prod/family:',
  'arn:aws:ecs:eu-west-1:1:service/a/b',
  '\u001b[2J/x',
])('not a service: %j', (text) => {
  expect(() => parseWorkload(text)).toThrow(BadReference);
  expect(() => parseWorkload(text)).not.toThrow('\u001b');
});

test.each([
  ['arm64', ['linux/arm64'], true],
  ['arm64', ['linux/arm64/v8'], true],
  ['x86_64', ['linux/arm64', 'linux/amd64'], true],
  ['x86_64', ['linux/arm64'], false],
  ['arm64', [], false],
  [undefined, ['linux/arm64'], undefined],
] as const)('a task of %s runs one of %j: %s', (architecture, platforms, expected) => {
  expect(runsPlatform(architecture, platforms)).toBe(expected);
});

test('a task has its part in a run for each container; one that never ran in none', () => {
  const containers = [aContainer(), aContainer({ name: 'sidecar', stoppedAt: at('04:00') })];
  const [app, sidecar, ...others] = runsOf(aTask({ containers }));
  expect(others).toEqual([]);
  expect(app).toMatchObject({
    version: 4,
    run: { name: 'app', deployment: 'ecs-svc/1001', startedAt: at('03:00') },
  });
  expect(app?.run).not.toHaveProperty('lastStoppedAt');
  expect(sidecar?.run).toMatchObject({ name: 'sidecar', lastStoppedAt: at('04:00') });
  const { startedAt: _, ...neverRan } = aTask();
  expect(runsOf(neverRan)).toEqual([]);
  const { deployment: __, ...kept } = aTask();
  expect(runsOf(kept)).toMatchObject([{ run: { deployment: 'checkout:42' } }]);
});
