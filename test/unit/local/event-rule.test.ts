import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventPattern, matches } from '../../../local/event-rule.ts';
import { REFUSED } from '../../build/refused-patterns.ts';

const event = {
  source: 'aws.ecr',
  account: '123456789012',
  'detail-type': 'ECR Image Scan',
  resources: ['arn:aws:ecr:us-east-1:123456789012:repository/team/app', 'arn:aws:other'],
  detail: {
    'scan-status': 'COMPLETE',
    'repository-name': 'team/app',
    'image-tags': [],
    'finding-severity-counts': { CRITICAL: 3, HIGH: 0 },
    note: null,
    empty: '',
    flag: false,
    path: 'a\\b*c.png',
    address: '10.0.1.7',
    findings: [
      { severity: 'HIGH', type: 'PACKAGE', note: 'x' },
      { severity: 'LOW', type: 'CODE', note: 'y', rare: true },
    ],
  },
};

const detail = (pattern: EventPattern) => ({ detail: pattern });

describe('matches', () => {
  test.each<[string, EventPattern, boolean]>([
    ['one literal', { source: ['aws.ecr'] }, true],
    ['one of several literals', { source: ['aws.inspector2', 'aws.ecr'] }, true],
    ['another literal', { source: ['aws.inspector2'] }, false],
    ['all fields, one wrong', { source: ['aws.ecr'], account: ['210987654321'] }, false],
    ['a missing field', { region: ['us-east-1'] }, false],
    ['any element of an array', { resources: ['arn:aws:other'] }, true],
    ['no element of an array', { resources: ['arn:aws:third'] }, false],
    ['a nested literal', detail({ 'scan-status': ['COMPLETE'] }), true],
    ['a number is not its text', detail({ 'finding-severity-counts': { CRITICAL: ['3'] } }), false],
    ['a number', detail({ 'finding-severity-counts': { CRITICAL: [3] } }), true],
    ['a boolean', detail({ flag: [false] }), true],
    ['null', detail({ note: [null] }), true],
    ['null is not the empty string', detail({ note: [''] }), false],
    ['the empty string', detail({ empty: [''] }), true],
    ['null is not absence', detail({ absent: [null] }), false],
    ['prefix', { resources: [{ prefix: 'arn:aws:ecr:' }] }, true],
    ['prefix of a number', detail({ 'finding-severity-counts': { CRITICAL: [{ prefix: '3' }] } }), false],
    ['prefix, other case', { source: [{ prefix: 'AWS' }] }, false],
    ['prefix, case ignored', { source: [{ prefix: { 'equals-ignore-case': 'AWS' } }] }, true],
    ['suffix', detail({ 'repository-name': [{ suffix: '/app' }] }), true],
    ['suffix, case ignored', detail({ path: [{ suffix: { 'equals-ignore-case': '.PNG' } }] }), true],
    ['suffix of nothing', detail({ absent: [{ suffix: '' }] }), false],
    ['equals-ignore-case', { 'detail-type': [{ 'equals-ignore-case': 'ecr image SCAN' }] }, true],
    ['anything-but a literal', { source: [{ 'anything-but': 'aws.ecr' }] }, false],
    ['anything-but a list without it', { source: [{ 'anything-but': ['aws.ecs', 'aws.ec2'] }] }, true],
    ['anything-but a list with it', { source: [{ 'anything-but': ['aws.ecs', 'aws.ecr'] }] }, false],
    ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
    ['anything-but prefixes', { source: [{ 'anything-but': { prefix: ['x', 'aws.'] } }] }, false],
    ['anything-but a suffix', { source: [{ 'anything-but': { suffix: '.ec2' } }] }, true],
    [
      'anything-but a wildcard',
      detail({ 'repository-name': [{ 'anything-but': { wildcard: 't*p' } }] }),
      false,
    ],
    [
      'anything-but ignores case',
      { source: [{ 'anything-but': { 'equals-ignore-case': ['AWS.ECR'] } }] },
      false,
    ],
    ['anything-but, one element differs', { resources: [{ 'anything-but': 'arn:aws:other' }] }, true],
    ['anything-but accepts null', detail({ note: [{ 'anything-but': ['x'] }] }), true],
    ['anything-but needs the field', detail({ absent: [{ 'anything-but': ['x'] }] }), false],
    ['numeric above', detail({ 'finding-severity-counts': { CRITICAL: [{ numeric: ['>', 2] }] } }), true],
    [
      'numeric, bound excluded',
      detail({ 'finding-severity-counts': { CRITICAL: [{ numeric: ['>', 3] }] } }),
      false,
    ],
    [
      'numeric range',
      detail({ 'finding-severity-counts': { CRITICAL: [{ numeric: ['>=', 3, '<', 4] }] } }),
      true,
    ],
    [
      'numeric range, too high',
      detail({ 'finding-severity-counts': { CRITICAL: [{ numeric: ['>', 0, '<=', 2] }] } }),
      false,
    ],
    ['numeric equality', detail({ 'finding-severity-counts': { HIGH: [{ numeric: ['=', 0] }] } }), true],
    ['numeric of a text', { account: [{ numeric: ['>', 0] }] }, false],
    ['exists', detail({ 'scan-status': [{ exists: true }] }), true],
    ['exists, null counts', detail({ note: [{ exists: true }] }), true],
    ['exists, missing', detail({ 'image-digest': [{ exists: true }] }), false],
    ['exists is about leaves', detail({ 'finding-severity-counts': [{ exists: true }] }), false],
    ['an empty array has no leaf', detail({ 'image-tags': [{ exists: true }] }), false],
    ['absent', detail({ 'image-digest': [{ exists: false }] }), true],
    ['absent below what is absent', { other: { deeper: [{ exists: false }] } }, true],
    ['absent means from every element', detail({ findings: { rare: [{ exists: false }] } }), false],
    [
      'absent from the element that the fields before it chose',
      detail({ findings: { note: ['x'], rare: [{ exists: false }] } }),
      true,
    ],
    [
      'present in the element that the fields before it chose',
      detail({ findings: { note: ['y'], rare: [{ exists: false }] } }),
      false,
    ],
    ['present, wished absent', { source: [{ exists: false }] }, false],
    ['wildcard', { resources: [{ wildcard: 'arn:*:repository/*' }] }, true],
    ['wildcard, a dot is a dot', { source: [{ wildcard: 'aws?*' }] }, false],
    ['wildcard, whole value', detail({ 'repository-name': [{ wildcard: 'tea*ap' }] }), false],
    ['wildcard, escapes', detail({ path: [{ wildcard: 'a\\\\b\\**.png' }] }), true],
    ['wildcard, escaped star is literal', detail({ path: [{ wildcard: 'a\\**' }] }), false],
    ['cidr', detail({ address: [{ cidr: '10.0.0.0/15' }] }), true],
    ['cidr of another network', detail({ address: [{ cidr: '10.0.0.0/24' }] }), false],
    ['cidr of another family', detail({ address: [{ cidr: '::/8' }] }), false],
    ['cidr of what is no address', { source: [{ cidr: '10.0.0.0/15' }] }, false],
    ['$or, second', { $or: [{ source: ['x'] }, { account: ['123456789012'] }] }, true],
    ['$or, none', { $or: [{ source: ['x'] }, { account: ['y'] }] }, false],
    [
      '$or beside a field that fails',
      { source: ['x'], $or: [{ account: ['123456789012'] }, { account: ['y'] }] },
      false,
    ],
    [
      '$or after the same field is all that counts',
      { source: ['x'], $or: [{ source: ['aws.ecr'] }, { account: ['y'] }] },
      true,
    ],
    [
      '$or before the same field counts for nothing',
      { $or: [{ source: ['x'] }, { account: ['y'] }], source: ['aws.ecr'], account: ['123456789012'] },
      true,
    ],
    [
      '$or and its neighbour, in one element',
      detail({
        findings: { severity: ['HIGH'] },
        $or: [{ findings: { type: ['CODE'] } }, { absent: ['x'] }],
      }),
      false,
    ],
    ['a field called $or that is no choice', { $or: [{ exists: false }] }, true],
    ['nested $or', detail({ $or: [{ absent: ['x'] }, { 'scan-status': ['COMPLETE'] }] }), true],
    ['objects in an array', detail({ findings: { severity: ['LOW'] } }), true],
    ['two fields of one element', detail({ findings: { severity: ['HIGH'], type: ['PACKAGE'] } }), true],
    ['two fields of two elements', detail({ findings: { severity: ['HIGH'], type: ['CODE'] } }), false],
    ['a nested pattern on a leaf', { source: { deeper: ['x'] } }, false],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  test.each(REFUSED)('refuses %j', (pattern, message) => {
    expect(() => matches(pattern, event)).toThrow(message);
  });
});

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const name = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
const anEvent = fc.dictionary(
  name,
  fc.oneof(leaf, fc.dictionary(name, leaf, { minKeys: 1, noNullPrototype: true })),
  {
    minKeys: 1,
    noNullPrototype: true,
  },
);

function literalPattern(value: Readonly<Record<string, unknown>>): EventPattern {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      typeof each === 'object' && each !== null ? literalPattern(each as Record<string, unknown>) : [each],
    ]),
  );
}

describe('a literal pattern made from an event', () => {
  test('matches that event, and the event with anything added', () => {
    fc.assert(
      fc.property(anEvent, leaf, (value, extra) => {
        expect(matches(literalPattern(value), value)).toBe(true);
        expect(matches(literalPattern(value), { ...value, EXTRA: extra })).toBe(true);
      }),
    );
  });

  test('does not match once one of its leaves is changed or gone', () => {
    const withOneLeaf = fc.tuple(anEvent, name, leaf, leaf).filter(([, , before, after]) => before !== after);
    fc.assert(
      fc.property(withOneLeaf, ([value, key, before, after]) => {
        const pattern = literalPattern({ ...value, detail: { [key]: before } });
        expect(matches(pattern, { ...value, detail: { [key]: after } })).toBe(false);
        expect(matches(pattern, { ...value, detail: {} })).toBe(false);
      }),
    );
  });
});
