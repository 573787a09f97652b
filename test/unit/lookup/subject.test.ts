import { describe, expect, test } from 'vitest';
import { BadReference } from '../../../lib/errors.ts';
import { subjectsIn } from '../../../lib/lookup/subject.ts';

const HEX64 = 'ab'.repeat(32);
const SHA1 = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

describe('what a text can mean', () => {
  test.each<[string, readonly string[]]>([
    ['demo-api:latest', ['reference']],
    ['web/shop:v1.2.3', ['reference']],
    [`${HOST}/demo-api:latest`, ['reference']],
    [`${HOST}/web/shop@sha256:${HEX64}`, ['reference']],
    [`demo-api@sha256:${HEX64}`, ['reference']],
    [`demo-api:latest@sha256:${HEX64}`, ['reference']],
    ['demo-api', ['reference']],
    ['web/shop', ['service', 'reference']],
    ['Prod/demo_API', ['service']],
    ['a/b/c', ['reference']],
    [`sha256:${HEX64}`, ['digest']],
    ['sha256:abababab', ['digest']],
    ['demo-api@sha256:abababab', ['digest']],
    [`${HOST}/demo-api@sha256:abababab1`, ['digest']],
    [SHA1, ['commit', 'reference']],
    ['abc1234', ['commit', 'reference']],
    ['ABC1234', ['commit']],
    ['1234', ['commit', 'reference']],
    ['deadbeef', ['commit', 'digest', 'reference']],
    ['20261120', ['commit', 'digest', 'reference']],
    [HEX64, ['commit', 'digest', 'reference']],
    ['CVE-2026-1234', ['cve']],
    ['cve-2026-12345', ['cve']],
    ['GHSA-jfh8-c2jp-5v3q', ['cve']],
    ['abc', ['reference']],
  ])('%s: %j', (text, kinds) => {
    expect(subjectsIn(text).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('what is given with it comes with it', () => {
    expect(subjectsIn('cve-2026-12345')).toEqual([{ kind: 'cve', id: 'CVE-2026-12345' }]);
    expect(subjectsIn('ABC1234')).toEqual([{ kind: 'commit', hex: 'abc1234' }]);
    expect(subjectsIn(`${HOST}/demo-api@sha256:abababab1`)).toEqual([
      {
        kind: 'digest',
        hex: 'abababab1',
        within: { account: '111122223333', region: 'eu-west-1', name: 'demo-api' },
      },
    ]);
  });

  test.each([
    '',
    ' ',
    'Demo-API',
    'demo-api:',
    'sha256:abc',
    'demo-api@sha256:abcdefg',
    '../etc',
    'a//b',
    '--',
  ])('%j is nothing', (text) => {
    expect(() => subjectsIn(text)).toThrow(BadReference);
  });
});
