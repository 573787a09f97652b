import { describe, expect, test } from 'vitest';
import { filterMatches, frequencyOf } from '../../../lib/audit/checks/scanning.ts';
import { mayMove } from '../../../lib/audit/settings.ts';
import { parseTag } from '../../../lib/image/reference.ts';

describe('whether a tag can be moved', () => {
  test.each<[string, readonly string[], string, boolean]>([
    ['MUTABLE', [], 'v1.2.3', true],
    ['IMMUTABLE', [], 'latest', false],
    ['IMMUTABLE_WITH_EXCLUSION', ['*latest'], 'prod-latest', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['*latest'], 'v1.2.3', false],
    ['MUTABLE_WITH_EXCLUSION', ['v*'], 'v1.2.3', false],
    ['MUTABLE_WITH_EXCLUSION', ['v*'], 'main', true],
  ])('%s %j: %s %s', (mutability, exclusions, tag, expected) => {
    expect(mayMove(parseTag(tag), { mutability, exclusions })).toBe(expected);
  });
});

describe('how often a repository is scanned', () => {
  test.each([
    ['api', 'team/api-v2', true],
    ['prod/*', 'prod/api', true],
    ['prod/*', 'preprod/api', false],
    ['*', 'anything', true],
  ])('the filter %s and %s: %s', (filter, name, expected) => {
    expect(filterMatches(filter, name)).toBe(expected);
  });

  const rule = (frequency: string, ...filters: readonly string[]) => ({ frequency, filters });

  test('continuously goes before on push, and manual is never', () => {
    const rules = [rule('MANUAL', '*'), rule('SCAN_ON_PUSH', '*'), rule('CONTINUOUS_SCAN', 'prod')];
    expect(frequencyOf('prod/api', { type: 'ENHANCED', rules }, false)).toBe('CONTINUOUS_SCAN');
    expect(frequencyOf('dev/api', { type: 'ENHANCED', rules }, false)).toBe('SCAN_ON_PUSH');
    expect(frequencyOf('dev/api', { type: 'ENHANCED', rules: [rule('MANUAL', '*')] }, false)).toBeUndefined();
  });

  test('a repository’s own setting counts with basic scanning only', () => {
    expect(frequencyOf('api', { type: 'BASIC', rules: [] }, true)).toBe('SCAN_ON_PUSH');
    expect(frequencyOf('api', { type: 'ENHANCED', rules: [] }, true)).toBeUndefined();
  });
});
