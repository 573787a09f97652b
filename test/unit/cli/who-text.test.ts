import { expect, test } from 'vitest';
import { EXIT } from '../../../lib/cli/command.ts';
import { answerOutput } from '../../../lib/cli/who-text.ts';
import { PUBLIC_HOSTS } from '../../../lib/image/links.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';

const answer = {
  found: 'one',
  repository: aRepository(),
  at: at('03:00'),
  digest: aDigest('a'),
  gaps: [],
} as const;
const output = (options = {}) =>
  answerOutput(
    'x/v1',
    'demo-api:latest',
    answer,
    { dryRun: false, ...options },
    {
      now: new Date(at('03:00')),
      hosts: PUBLIC_HOSTS,
    },
  );

test('on a terminal the answer is bold, what speaks against it is red, and the rest is plain', () => {
  const { paint = String } = output();
  expect(paint('demo-api:latest  abc')).toBe('\u001b[1mdemo-api:latest  abc\u001b[22m');
  for (const line of ['  DOUBT     x', '            CONFLICT: x', '  DELETED   x', '  gap       x'])
    expect(paint(line)).toBe(`\u001b[31m${line}\u001b[39m`);
  expect(paint('  digest    x')).toBe('  digest    x');
});

test('one value is never painted, and nothing stands beside it', () => {
  expect(output({ output: 'digest' })).toEqual({
    exit: EXIT.found,
    lines: [aDigest('a')],
    document: { schema: 'x/v1', digest: aDigest('a') },
    isValue: true,
  });
});
