import { describe, expect, test } from 'vitest';
import { NO_IMAGES } from '../../../lib/audit/census.ts';
import { checkDeployedTags } from '../../../lib/audit/checks/deployed-tag.ts';
import { checkLimits } from '../../../lib/audit/checks/limits.ts';
import { checkPolicy } from '../../../lib/audit/checks/policy.ts';
import { checkRunningScans } from '../../../lib/audit/checks/running-scan.ts';
import type { AuditFinding } from '../../../lib/audit/finding.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { parseInstant } from '../../../lib/instant.ts';
import type { ScanPeek } from '../../../lib/scan/peek.ts';
import { aRunningImage, listedAt, repositoryFacts } from '../../build/audit.ts';
import { aRun } from '../../build/ecs.ts';
import { aDigest, at } from '../../build/lineage.ts';

const brief = (found: readonly AuditFinding[]) => found.map(({ check, severity }) => `${severity} ${check}`);

describe('the scan of what runs', () => {
  const found = (scans: readonly ScanPeek[], pushedAt = at('02:00')) =>
    brief(
      checkRunningScans(
        repositoryFacts({
          running: [aRunningImage({ scans })],
          census: { ...NO_IMAGES, images: 1, listed: listedAt(pushedAt) },
        }),
        { olderThanDays: 30 },
      ),
    );
  const scanned = (time: string): ScanPeek => ({ state: 'scanned', completedAt: parseInstant(time) });

  test('may be a day less than the limit old, and not as old', () => {
    expect(found([scanned('2026-10-21T12:00:01Z')])).toEqual([]);
    expect(found([scanned('2026-10-21T12:00:00Z')])).toEqual(['MEDIUM running-scan-old']);
  });

  test('of several platforms the oldest counts, and one that is not scanned', () => {
    const [fresh, old] = [scanned('2026-11-19T00:00:00Z'), scanned('2026-09-01T00:00:00Z')];
    expect(found([fresh, old])).toEqual(['MEDIUM running-scan-old']);
    expect(found([fresh, { state: 'pending' }])).toEqual(['HIGH running-never-scanned']);
    expect(found([fresh, { state: 'unscannable' }])).toEqual(['MEDIUM running-unscannable']);
  });

  test('may be on its way for an hour after the push', () => {
    expect(found([{ state: 'pending' }], at('11:00:01'))).toEqual([]);
    expect(found([{ state: 'pending' }], at('11:00'))).toEqual(['HIGH running-never-scanned']);
  });

  test('of which nobody knows the platforms is not judged', () => {
    expect(found([])).toEqual([]);
  });
});

describe('what a task definition names', () => {
  const found = (image: string, mutability: string, tag?: string) => {
    const run = { ...aRun(), image, tasks: 1 };
    const { tag: _, ...untagged } = run;
    const named = tag === undefined ? untagged : { ...run, tag: parseTag(tag) };
    const facts = repositoryFacts({ running: [aRunningImage({ runs: [named] })] });
    return brief(checkDeployedTags({ ...facts, settings: { ...facts.settings, mutability } }));
  };

  test.each([
    ['demo-api:latest', 'MUTABLE', 'latest', ['HIGH moving-tag-deployed']],
    ['demo-api:prod-latest', 'MUTABLE', 'prod-latest', ['HIGH moving-tag-deployed']],
    ['demo-api', 'MUTABLE', undefined, ['HIGH moving-tag-deployed']],
    ['demo-api:main', 'MUTABLE', 'main', ['MEDIUM moving-tag-deployed']],
    ['demo-api:1.2', 'MUTABLE', '1.2', ['MEDIUM moving-tag-deployed']],
    ['demo-api:v1.2.3', 'MUTABLE', 'v1.2.3', []],
    ['demo-api:abc1234', 'MUTABLE', 'abc1234', []],
    ['demo-api:latest', 'IMMUTABLE', 'latest', []],
    [`demo-api:latest@${aDigest('a')}`, 'MUTABLE', 'latest', []],
  ])('%s in a %s repository', (image, mutability, tag, expected) => {
    expect(found(image, mutability, tag)).toEqual(expected);
  });
});

describe('the repository policy', () => {
  const found = (statement: object) => {
    const value = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    return brief(checkPolicy(repositoryFacts({ policy: { state: 'found', value } })));
  };
  const pull = { Effect: 'Allow', Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] };

  test.each<[string, object, readonly string[]]>([
    ['everybody may pull', { ...pull, Principal: '*' }, ['HIGH policy-public']],
    [
      'everybody may push',
      { ...pull, Action: 'ecr:PutImage', Principal: { AWS: '*' } },
      ['CRITICAL policy-public'],
    ],
    ['everybody may do all', { ...pull, Action: 'ecr:*', Principal: '*' }, ['CRITICAL policy-public']],
    [
      'everybody of an organization may pull',
      { ...pull, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      [],
    ],
    ['nobody may', { ...pull, Effect: 'Deny', Principal: '*' }, []],
    ['an account may pull', { ...pull, Principal: { AWS: '444455556666' } }, []],
    [
      'an account may do all',
      { ...pull, Action: '*', Principal: { AWS: '444455556666' } },
      ['MEDIUM policy-wide'],
    ],
  ])('%s', (_, statement, expected) => {
    expect(found(statement)).toEqual(expected);
  });
});

describe('the limits', () => {
  const found = (images: number, tags = 1) =>
    brief(
      checkLimits(
        repositoryFacts({
          census: { ...NO_IMAGES, images, mostTags: { count: tags, digest: aDigest('a') } },
        }),
      ),
    );

  test.each([
    [79_999, 799, []],
    [80_000, 1, ['MEDIUM near-image-limit']],
    [95_000, 1, ['HIGH near-image-limit']],
    [1, 800, ['MEDIUM near-tag-limit']],
  ])('%i images and %i tags', (images, tags, expected) => {
    expect(found(images, tags)).toEqual(expected);
  });
});
