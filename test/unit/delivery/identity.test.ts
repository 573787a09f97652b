import { expect, test } from 'vitest';
import { formatDelivery, identityOf } from '../../../lib/delivery/wire.ts';
import { at } from '../../build/lineage.ts';
import { aMeasurement, aNotice } from '../../build/notice.ts';

const measured = (time: string, key = 'scan-1') =>
  formatDelivery(aMeasurement({ key, measuredAt: at(time) }));

test('two workers that measured the same ask for the same', () => {
  expect(measured('03:00')).not.toBe(measured('03:01'));
  expect(identityOf(measured('03:00'))).toBe(identityOf(measured('03:01')));
});

test('two workers that let the same notice wait ask for the same', () => {
  const until = (time: string) => formatDelivery(aNotice({ notBefore: at(time) }));
  expect(identityOf(until('07:00'))).toBe(identityOf(until('09:00')));
  expect(identityOf(until('07:00'))).toBe(identityOf(formatDelivery(aNotice())));
});

test.each([
  ['another key', measured('03:00', 'scan-2')],
  ['a notice', formatDelivery(aNotice())],
  ['one that ends a hold', formatDelivery(aMeasurement({ key: 'scan-1' }), 'token-1')],
  ['one to another sink', formatDelivery(aMeasurement({ key: 'scan-1' }), undefined, 'chat')],
  ['no JSON', '{'],
  ['null', 'null'],
])('%s asks for something else', (_, body) => {
  expect(identityOf(body)).not.toBe(identityOf(measured('03:00')));
});
