import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageOf } from '../../../lib/delivery/delivery.ts';
import { formatDelivery, parseDelivery, parseOrder } from '../../../lib/delivery/wire.ts';
import { InvalidEvent } from '../../../lib/errors.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { aFound, aMeasurement, aNotice, anImage, aShownFinding } from '../../build/notice.ts';

const hostile = aNotice({
  found: aFound({ shown: [aShownFinding({ id: untrusted('"}],\u0000\u202e<!channel>\ud800') })] }),
});

test.each([
  ['a notice', aNotice()],
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

describe('what is not a delivery', () => {
  const { v, delivery } = JSON.parse(formatDelivery(aNotice()));

  test.each([
    ['another version', { v: v + 1, delivery }, /^v: /],
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
