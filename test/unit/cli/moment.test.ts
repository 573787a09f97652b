import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../../lib/cli/moment.ts';
import { BadReference } from '../../../lib/errors.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const ref = 'demo-api:latest';

describe('parseMoment', () => {
  test.each([
    [ref, { text: ref, back: 0 }],
    [`${ref}@{yesterday 03:10}`, { text: ref, back: 0, at: '2026-11-19T03:10:00.000Z' }],
    [`${ref}@{yesterday}`, { text: ref, back: 0, at: '2026-11-19T12:00:00.000Z' }],
    [`${ref}@{2.hours.ago}`, { text: ref, back: 0, at: '2026-11-20T10:00:00.000Z' }],
    [`${ref}@{2026-11-20T03:10:00Z}`, { text: ref, back: 0, at: '2026-11-20T03:10:00.000Z' }],
    [`${ref}~1`, { text: ref, back: 1 }],
    [`${ref}~`, { text: ref, back: 1 }],
    [`${ref}~2`, { text: ref, back: 2 }],
    [`${ref}@{0}`, { text: ref, back: 0 }],
    [`${ref}@{3}`, { text: ref, back: 3 }],
    [`${ref}@{1h ago}~2`, { text: ref, back: 2, at: '2026-11-20T11:00:00.000Z' }],
    [`demo-api@sha256:${'a'.repeat(64)}`, { text: `demo-api@sha256:${'a'.repeat(64)}`, back: 0 }],
    // What is no suffix is for whoever reads the reference to refuse.
    ['demo-api:~latest', { text: 'demo-api:~latest', back: 0 }],
    [`${ref}~1~1`, { text: `${ref}~1`, back: 1 }],
    [`${ref}~9999`, { text: `${ref}~9999`, back: 0 }],
    ['x'.repeat(5000), { text: 'x'.repeat(5000), back: 0 }],
  ])('%j', (typed, expected) => {
    expect(parseMoment(typed, {}, NOW)).toEqual(expected);
  });

  test('--at says the time where the reference does not', () => {
    expect(parseMoment(`${ref}~1`, { at: '3h ago' }, NOW)).toEqual({
      ...{ text: ref, back: 1, at: '2026-11-20T09:00:00.000Z' },
    });
  });

  test.each([
    [`${ref}@{}`, {}, /not a time/],
    [`${ref}@{whenever}`, {}, /not a time/],
    [`${ref}@{yesterday}`, { at: 'now' }, /say the time once/],
    [`${ref}~101`, {}, /at most 100 images back/],
  ])('%j with %j is refused', (typed, options, words) => {
    expect(() => parseMoment(typed, options, NOW)).toThrow(BadReference);
    expect(() => parseMoment(typed, options, NOW)).toThrow(words);
  });
});
