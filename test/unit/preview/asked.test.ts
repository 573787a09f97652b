import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatDelivery } from '../../../lib/delivery/wire.ts';
import { BadReference } from '../../../lib/errors.ts';
import { formatOwnHint } from '../../../lib/intake/own-hint.ts';
import { asksIn } from '../../../lib/preview/asked.ts';
import { scanHint } from '../../../lib/reconcile/hint.ts';
import { at } from '../../build/lineage.ts';
import { aMeasurement, aNotice, anImage } from '../../build/notice.ts';

const event = (name: string) => readFileSync(`events/${name}.json`, 'utf8');

describe('a delivery', () => {
  test.each([
    ['a notice', aNotice()],
    ['a measurement', aMeasurement()],
  ])('%s, as it travels and as a dead letter', (_, delivery) => {
    const body = formatDelivery(delivery, 'a-hold');
    expect(asksIn(body)).toEqual([{ kind: 'order', delivery }]);
    expect(asksIn(formatDelivery(delivery))).toEqual([{ kind: 'order', delivery }]);
  });

  test('in what SQS prints, and in what a function is called with', () => {
    const [one, other] = [aNotice({ key: 'one' }), aNotice({ key: 'other' })];
    const bodies = [formatDelivery(one), formatDelivery(other)];
    const orders = [one, other].map((delivery) => ({ kind: 'order', delivery }));
    expect(asksIn(JSON.stringify({ Messages: bodies.map((Body) => ({ MessageId: 'x', Body })) }))).toEqual(
      orders,
    );
    expect(asksIn(JSON.stringify({ Records: bodies.map((body) => ({ body })) }))).toEqual(orders);
    expect(asksIn(JSON.stringify({ MessageId: 'x', Body: bodies[0] }))).toEqual(orders.slice(0, 1));
  });
});

describe('an event', () => {
  test.each(['ecr-image-scan.complete', 'inspector2-scan.initial'])(
    '%s: its image, and what it promised',
    (name) => {
      expect(asksIn(event(name))).toEqual([
        {
          kind: 'images',
          images: [expect.objectContaining({ digest: expect.stringMatching(/^sha256:/) })],
          announced: expect.objectContaining({ counts: expect.any(Object) }),
          isOverdue: false,
        },
      ]);
    },
  );

  test('a finding: that many are gathered', () => {
    expect(asksIn(event('inspector2-finding.active'))).toMatchObject([
      { kind: 'images', images: [{}], says: expect.stringContaining('gathered') },
    ]);
  });

  test('hints of our own', () => {
    const image = anImage();
    const when = at('03:00');
    expect(asksIn(formatOwnHint({ image, id: 'x', at: when }))).toMatchObject([
      { kind: 'images', images: [image] },
    ]);
    expect(asksIn(formatOwnHint({ image, id: 'x', at: when, isRetag: true }))).toMatchObject([
      { images: [image], says: expect.stringContaining('a tag moved to it') },
    ]);
    expect(asksIn(scanHint(image, when, true))).toMatchObject([{ images: [image], isOverdue: true }]);
  });

  test.each([
    [
      'ecr-image-action.push',
      /^a push makes no message: its scan does, so ask for the image: scan-response preview [a-z/-]+@sha256:[0-9a-f]{64}$/,
    ],
    ['ecr-image-action.delete', /^no message tells of this \(delete\): it is recorded in the lineage$/],
    ['ecs-task-state-change.running', /^a task of ECS makes no message: it is recorded for look-ups/],
    ['ecs-deployment-state-change.failed', /^a deployment of ECS makes no message/],
    ['ecr-referrer-action.restore', /makes no message|no message tells/],
  ])('%s: that nobody hears of it', (name, says) => {
    expect(asksIn(event(name))).toEqual([{ kind: 'quiet', says: expect.stringMatching(says) }]);
  });

  test('every sample of ours is understood', () => {
    const samples = readdirSync('events').filter((file) => file.endsWith('.json'));
    expect(samples.length).toBeGreaterThan(20);
    for (const file of samples) expect(asksIn(readFileSync(`events/${file}`, 'utf8'))).toHaveLength(1);
  });
});

test.each([
  ['nothing', '', 'this is not JSON'],
  ['no JSON', 'demo-api:latest', 'this is not JSON'],
  ['a number', '3', 'this is neither a delivery nor an event'],
  ['null', 'null', 'this is neither'],
  ['something else', '{"a":1}', 'this is neither'],
  [
    'a delivery of a later version',
    '{"v":3,"delivery":{}}',
    'this code reads deliveries of the versions 1 and 2',
  ],
  [
    'a delivery of nothing',
    '{"v":1,"delivery":{"kind":"poem","key":"x"}}',
    'neither a notice nor a measurement',
  ],
  [
    'an event of others',
    event('ecr-image-scan.complete').replace('ECR Image Scan', 'Tea Time'),
    'nothing here answers Tea Time',
  ],
  ['half of an event', '{"detail-type":"ECR Image Scan"}', 'id'],
])('%s: a clear word on what is taken', (_, text, words) => {
  expect(() => asksIn(text)).toThrow(BadReference);
  expect(() => asksIn(text)).toThrow(words);
  expect(() => asksIn(text)).toThrow(
    /preview takes a message of a sink’s queue .* or an image as demo-api:latest/,
  );
});
