import { describe, expect, test } from 'vitest';
import { differences } from '../../../lib/datadog/difference.ts';
import type { Json } from '../../../lib/datadog/json.ts';

const paths = (ours: Json, theirs: Json) => differences(ours, theirs).map(({ path }) => path);

describe('what is not a difference', () => {
  test.each<[string, Json, Json]>([
    ['the same', { a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }],
    ['a key that Datadog adds', { a: { b: 1 } }, { a: { b: 1, silenced: {} }, multi: true }],
    ['a whole number with a point', { a: 1 }, JSON.parse('{"a":1.0}')],
    ['an off that is not written down', { a: false, b: 0 }, { b: null }],
    ['a tag that somebody added', { tags: ['a', 'b'] }, { tags: ['b', 'mine', 'a'] }],
    ['the type of a metric monitor', { type: 'query alert' }, { type: 'metric alert' }],
    ['an id in a widget', { widgets: [{ a: 1 }] }, { widgets: [{ id: 7, a: 1 }] }],
  ])('%s', (_what, ours, theirs) => {
    expect(differences(ours, theirs)).toEqual([]);
  });
});

describe('what is one', () => {
  test.each<[string, Json, Json, readonly string[]]>([
    ['another value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b']],
    ['a value that is gone', { a: 'x' }, {}, ['a']],
    ['a switch that was turned on', { a: false }, { a: true }, ['a']],
    ['another kind of value', { a: ['x'] }, { a: 'x' }, ['a']],
    ['a tag of ours that is gone', { tags: ['a', 'b'] }, { tags: ['b'] }, ['tags']],
    ['another type', { type: 'query alert' }, { type: 'log alert' }, ['type']],
    ['a widget more, and one changed', { w: [{ a: 1 }] }, { w: [{ a: 2 }, {}] }, ['w[0].a', 'w[1]']],
    ['a widget less', { w: [1, 2] }, { w: [1] }, ['w[1]']],
    [
      'a threshold more',
      { options: { thresholds: { critical: 1 } } },
      { options: { thresholds: { critical: 1, warning: 0.5, ok: null } } },
      ['options.thresholds.warning'],
    ],
  ])('%s', (_what, ours, theirs, expected) => {
    expect(paths(ours, theirs)).toEqual(expected);
  });

  test('says both sides, and leaves out the one that has nothing', () => {
    expect(differences({ a: 1, b: 2 }, { a: 3 })).toEqual([
      { path: 'a', there: 3, ours: 1 },
      { path: 'b', ours: 2 },
    ]);
    expect(differences({ a: [] }, { a: ['x'] })).toEqual([{ path: 'a[0]', there: 'x' }]);
  });
});
