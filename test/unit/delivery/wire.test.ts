import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageOf, type SinkMessage } from '../../../lib/delivery/delivery.ts';
import { formatDelivery, parseDelivery, parseOrder } from '../../../lib/delivery/wire.ts';
import { InvalidEvent } from '../../../lib/errors.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { anEvidence, aProvenance, aTagEvidence } from '../../build/evidence.ts';
import { aFound, aMeasurement, aNotice, anImage, aShownFinding, aSubject } from '../../build/notice.ts';

const hostile = aNotice({
  found: aFound({ shown: [aShownFinding({ id: untrusted('"}],\u0000\u202e<!channel>\ud800') })] }),
});

test.each([
  ['a notice', aNotice()],
  ['a notice that waits', aNotice({ notBefore: aSubject().pushedAt })],
  ['a measurement', aMeasurement()],
  ['text from outside', hostile],
])('%s comes out as it went in', (_, delivery) => {
  expect(parseDelivery(formatDelivery(delivery))).toEqual(delivery);
  expect(imageOf(delivery)).toEqual(anImage());
});

test('a dead letter names the hold that sending it back ends', () => {
  expect(parseOrder(formatDelivery(aNotice(), 'token-1'))).toEqual({
    delivery: aNotice(),
    release: 'token-1',
  });
  expect(parseOrder(formatDelivery(aNotice()))).toEqual({ delivery: aNotice() });
  expect(parseOrder(JSON.stringify({ v: 1, delivery: aNotice(), release: 7 }))).toEqual({
    delivery: aNotice(),
  });
});

test('an order for the sink without a queue of its own says so, in a version that earlier code refuses', () => {
  const order = formatDelivery(aNotice(), 'token-1', 'chat');
  expect(JSON.parse(order)).toMatchObject({ v: 2, to: 'chat' });
  expect(parseOrder(order)).toEqual({ delivery: aNotice(), release: 'token-1', to: 'chat' });
  expect(formatDelivery(aNotice(), undefined, 'sns')).toBe(formatDelivery(aNotice()));
  expect(parseOrder(JSON.stringify({ v: 1, to: 'chat', delivery: aNotice() }))).toEqual({
    delivery: aNotice(),
  });
});

describe('while one release takes the place of another', () => {
  test.each([
    ['new-findings', 'new-findings'],
    ['worse', 'new-findings'],
    ['better', 'still-open'],
    ['reminder-due', 'still-open'],
  ] as const)('earlier code reads %s as %s, and this code as it was', (reason, earlier) => {
    const wire = formatDelivery(aNotice({ reason }));
    expect(JSON.parse(wire).delivery.reason).toBe(earlier);
    expect(parseDelivery(wire)).toEqual(aNotice({ reason }));
  });

  test('a reminder that earlier code has queued is one; a reason that only later code knows is still told', () => {
    const queued = (reason: string, because?: string) =>
      parseDelivery(JSON.stringify({ v: 1, delivery: { ...aNotice(), reason, because } }));
    expect(queued('still-open')).toEqual(aNotice({ reason: 'reminder-due' }));
    expect(queued('new-findings', 'from-tomorrow')).toEqual(aNotice({ reason: 'new-findings' }));
  });

  test.each<unknown>([7, null, {}, { toString: 'a text, and no function' }])('%j is no reason', (reason) => {
    const body = JSON.stringify({ v: 1, delivery: { ...aNotice(), reason } });
    expect(parseDelivery(body)).toEqual(aNotice({ reason: 'reminder-due' }));
  });

  const tag = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
  const byTag = { commit: tag, tier: 'tag-full', tag };
  const toWire = (delivery: SinkMessage) => JSON.parse(formatDelivery(delivery)).delivery.subject;
  const fromWire = (subject: object) => {
    const delivery = parseDelivery(JSON.stringify({ v: 1, delivery: { ...aNotice(), subject } }));
    return delivery.kind === 'notice' ? delivery.subject : undefined;
  };

  test('what earlier code has queued is understood', () => {
    const subject = {
      ...aSubject(),
      provenance: { best: byTag, conflicts: [{ ...byTag, tier: 'tag-short' }] },
    };
    const expected = aProvenance(aTagEvidence(tag), aTagEvidence(tag, { tier: 'tag-short' }));
    expect(fromWire(subject)?.provenance).toEqual(expected);
  });

  test('earlier code understands what is queued now: what tags say', () => {
    expect(toWire(aNotice())).toEqual({ ...aSubject(), provenance: { best: byTag, conflicts: [] } });
  });

  test('and of other evidence it is told what tags say as well, or nothing', () => {
    const provenance = aProvenance(
      anEvidence({ repoUrl: untrusted('https://github.com/o/r') }),
      aTagEvidence(tag),
    );
    const { tags: _, ...subject } = aSubject({ provenance });
    const untagged = { ...subject, tags: [] };
    expect(toWire(aNotice({ subject: aSubject({ provenance }) })).provenance).toEqual({
      best: byTag,
      conflicts: [],
    });
    expect(toWire(aNotice({ subject: untagged }))).not.toHaveProperty('provenance');
    expect(fromWire(toWire(aNotice({ subject: untagged })))).toEqual(untagged);
  });

  test.each([null, 7, {}, { best: byTag }, { best: byTag, conflicts: 7 }])(
    '%j is no provenance',
    (provenance) => {
      expect(fromWire({ ...aSubject(), provenance })).not.toHaveProperty('provenance');
    },
  );
});

describe('what is not a delivery', () => {
  const { v, delivery } = JSON.parse(formatDelivery(aNotice()));

  test.each([
    ['another version', { v: v + 2, delivery }, /^v: /],
    ['another version, addressed', { v: v + 2, to: 'chat', delivery }, /^v: /],
    ['the second version, to nobody', { v: v + 1, delivery }, /^to: /],
    ['the second version, to somebody else', { v: v + 1, to: 'sns', delivery }, /^to: /],
    ['the second version, to a list', { v: v + 1, to: ['chat'], delivery }, /^to: /],
    ['version as text', { v: String(v), delivery }, /^v: /],
    ['no version', { delivery }, /^v: /],
    ['no delivery', { v }, /^delivery: /],
    ['delivery is null', { v, delivery: null }, /^delivery: /],
    ['delivery is text', { v, delivery: 'notice' }, /^delivery: /],
    ['another kind', { v, delivery: { ...delivery, kind: 'silence' } }, /^delivery: /],
    ['kind of the prototype', { v, delivery: { ...delivery, kind: 'constructor' } }, /^delivery: /],
    ['no key', { v, delivery: { ...delivery, key: undefined } }, /^delivery: /],
    ['key is a number', { v, delivery: { ...delivery, key: 1 } }, /^delivery: /],
    ['null', null, /^v: /],
    ['a list', [], /^v: /],
  ])('%s', (_, body, message) => {
    expect(() => parseDelivery(JSON.stringify(body))).toThrow(InvalidEvent);
    expect(() => parseDelivery(JSON.stringify(body))).toThrow(message);
  });

  test.each(['', '{', 'no'])('%j is not JSON', (body) => {
    expect(() => parseDelivery(body)).toThrow(new InvalidEvent('the body is not JSON'));
  });

  test('never ends in anything else than a delivery or InvalidEvent', () => {
    const wrapped = fc.jsonValue().map((it) => JSON.stringify({ v, delivery: it }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), wrapped), (body) => {
        try {
          return ['notice', 'measurement'].includes(parseDelivery(body).kind);
        } catch (error) {
          return error instanceof InvalidEvent;
        }
      }),
      { numRuns: 5000 },
    );
  });
});
