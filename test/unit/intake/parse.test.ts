import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEvent } from '../../../lib/errors.ts';
import { parseDigest } from '../../../lib/image/digest.ts';
import type { Image } from '../../../lib/image/reference.ts';
import { parseInstant } from '../../../lib/instant.ts';
import { formatDocumentsHint } from '../../../lib/intake/documents-hint.ts';
import { formatOwnHint } from '../../../lib/intake/own-hint.ts';
import { parseEvent, parsePush, parsePushOrHint, parseScan } from '../../../lib/intake/parse.ts';
import { aBasicScan, anEnhancedScan, anImageAction, DIGEST, type RawEvent } from '../../build/event.ts';

const repository = { account: '111122223333', region: 'eu-west-1', name: 'shop/checkout' };
const envelope = { eventId: '13cde686-328b-6117-af20-0e5566167482', at: '2026-11-20T02:00:00.000Z' };
const parse = (event: unknown) => parseEvent(JSON.stringify(event));

/** The event without a field of its envelope or of its detail, or with another value there. */
function changed(event: RawEvent, field: string, value: unknown): unknown {
  if (field in event) return { ...event, [field]: value };
  return { ...event, detail: { ...event.detail, [field]: value } };
}

function reasonOf(body: string): string {
  try {
    return `accepted: ${JSON.stringify(parseEvent(body))}`;
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidEvent);
    return (error as Error).message;
  }
}

describe('ECR Image Action', () => {
  const expected = { kind: 'image-action', ...envelope, repository, digest: DIGEST, imageKind: 'image' };

  test.each([
    ['push', anImageAction('PUSH', { 'image-tag': 'v1' }), { action: 'push', tag: 'v1' }],
    ['push, empty tag', anImageAction('PUSH', { 'image-tag': '' }), { action: 'push' }],
    ['push, no tag', anImageAction('PUSH'), { action: 'push' }],
    ['delete', anImageAction('DELETE', { 'image-tag': 'v1' }), { action: 'delete', tag: 'v1' }],
    ['delete by digest', anImageAction('DELETE'), { action: 'delete' }],
    [
      'archive',
      anImageAction('UPDATE_STORAGE_CLASS', { 'target-storage-class': 'ARCHIVE' }),
      { action: 'archive' },
    ],
    [
      'restore',
      anImageAction('UPDATE_STORAGE_CLASS', {
        'target-storage-class': 'STANDARD',
        'last-activated-at': '2025-10-10T19:13:02.74Z',
      }),
      { action: 'restore' },
    ],
    [
      'an index',
      anImageAction('PUSH', {
        'image-tag': 'v1',
        'manifest-media-type': 'application/vnd.oci.image.index.v1+json',
        'artifact-media-type': undefined,
      }),
      { action: 'push', tag: 'v1', imageKind: 'index' },
    ],
    [
      'no media types at all',
      anImageAction('PUSH', { 'manifest-media-type': undefined, 'artifact-media-type': undefined }),
      { action: 'push', imageKind: undefined },
    ],
  ])('%s', (_, event, more) => {
    expect(parse(event)).toEqual({ ...expected, ...more });
    expect(parsePush(JSON.stringify(event))).toEqual(parse(event));
  });

  test('a delete by tag may name no digest', () => {
    const { digest: _, ...without } = expected;
    const event = anImageAction('DELETE', { 'image-digest': undefined, 'image-tag': 'v1' });
    expect(parse(event)).toEqual({ ...without, action: 'delete', tag: 'v1' });
  });

  test.each(['PUSH', 'DELETE', 'UPDATE_STORAGE_CLASS'] as const)(
    'nobody can say which image a %s without a digest was',
    (action) => {
      const event = anImageAction(action, { 'image-digest': undefined, 'target-storage-class': 'ARCHIVE' });
      expect(reasonOf(JSON.stringify(event))).toMatch(/image-digest/);
    },
  );

  test('a change of storage class that does not say to which is refused', () => {
    expect(reasonOf(JSON.stringify(anImageAction('UPDATE_STORAGE_CLASS')))).toMatch(/target-storage-class/);
  });
});

describe('scans', () => {
  const expected = { kind: 'scan-hint', ...envelope, image: { repository, digest: DIGEST } };
  const counted = (counts: unknown) => aBasicScan({ 'finding-severity-counts': counts });

  test.each([
    ['basic', aBasicScan(), { CRITICAL: 1 }],
    ['without image-tags', aBasicScan({ 'image-tags': undefined }), { CRITICAL: 1 }],
    ['what is no severity left out', counted({ HIGH: 2, TOTAL: 9, '<!channel>': 1 }), { HIGH: 2 }],
    ['what is no count left out', counted({ CRITICAL: '7', HIGH: -1, MEDIUM: 1.5, LOW: 3 }), { LOW: 3 }],
  ])('%s: what is announced is a promise to hold the reading against', (_, event, counts) => {
    expect(parse(event)).toEqual({ ...expected, announced: { at: envelope.at, counts } });
    expect(parseScan(JSON.stringify(event))).toEqual(parse(event));
  });

  test.each([
    [
      'basic, failed, without counts',
      aBasicScan({ 'scan-status': 'FAILED', 'finding-severity-counts': undefined }),
    ],
    ['basic, counts that are none', counted('none')],
    ['basic, counts of a clean image', counted({ CRITICAL: 0 })],
    ['basic, counts that are null', counted(null)],
    ['enhanced, repository by ARN', anEnhancedScan()],
    ['enhanced, repository by name', anEnhancedScan({ 'repository-name': 'shop/checkout' })],
  ])('%s', (_, event) => {
    expect(parse(event)).toEqual(expected);
    expect(parseScan(JSON.stringify(event))).toEqual(expected);
  });
});

describe('tags that a scan names', () => {
  test.each([
    [
      ['latest', 'v1.2'],
      ['latest', 'v1.2'],
    ],
    [['latest', '', 'a#b', '-a', 7, null, 'x'.repeat(129)], ['latest']],
    [Array.from({ length: 12 }, (_, n) => `t${n}`), Array.from({ length: 10 }, (_, n) => `t${n}`)],
    ['latest', undefined],
    [[], undefined],
  ])('%j is read early as %j', (named, tags) => {
    const { kind, ...hint } = parseScan(JSON.stringify(aBasicScan({ 'image-tags': named })));
    expect([kind, Reflect.get(hint, 'tags')]).toEqual(['scan-hint', tags]);
  });
});

describe('findings', () => {
  const image = 'arn:aws:ecr:eu-west-1:111122223333:repository/shop/checkout';
  const aFindingOf = (...resources: readonly object[]): RawEvent => ({
    ...anEnhancedScan(),
    'detail-type': 'Inspector2 Finding',
    detail: { status: 'CLOSED', resources },
  });
  const ecr = (id: string) => ({ type: 'AWS_ECR_CONTAINER_IMAGE', id });

  test('name the images to look at again, and nothing else of them is taken', () => {
    const other = { type: 'Microsoft.ContainerRegistry/registry/containerImage', id: 'x/y' };
    const event = aFindingOf(other, ecr(`${image}/${DIGEST}`));
    const images = [{ repository, digest: DIGEST }];
    expect(parse(event)).toEqual({ kind: 'finding-hint', ...envelope, images });
    expect(parseScan(JSON.stringify(event))).toEqual(parse(event));
    expect(() => parsePush(JSON.stringify(event))).toThrow(InvalidEvent);
  });

  test("a delegated administrator's copy is about the member's image", () => {
    const event = aFindingOf(ecr(`${image.replace('111122223333', '222233334444')}/${DIGEST}`));
    expect(parse(event)).toMatchObject({ images: [{ repository: { account: '222233334444' } }] });
  });

  test.each([
    ['no resource', [], /no image of ECR/],
    ['an instance', [{ type: 'AWS_EC2_INSTANCE', id: 'i-1' }], /no image of ECR/],
    ['no digest', [ecr(image)], /detail.resources.id.digest: not a digest/],
    ['no repository', [ecr(DIGEST)], /detail.resources.id.repository/],
  ])('%s is refused', (_, resources, message) => {
    expect(reasonOf(JSON.stringify(aFindingOf(...resources)))).toMatch(message);
  });
});

describe('our own hint', () => {
  const image = { repository, digest: parseDigest(DIGEST) };
  const hint = formatOwnHint({ image, id: envelope.eventId, at: parseInstant(envelope.at) });

  test('comes back as it went, without a promise', () => {
    expect(parseScan(hint)).toEqual({ kind: 'scan-hint', ...envelope, image });
  });

  test('is ours to say', () => {
    expect(reasonOf(hint.replace('"source":"scan-response"', '"source":"aws.ecr"'))).toMatch(/source/);
  });
});

test.each([
  [
    'of the same account',
    'arn:aws:ecr:eu-west-1:111122223333',
    { account: '111122223333', region: 'eu-west-1' },
  ],
  ['of a member', 'arn:aws:ecr:eu-west-1:222233334444', { account: '222233334444', region: 'eu-west-1' }],
  ['in China', 'arn:aws-cn:ecr:cn-north-1:222233334444', { account: '222233334444', region: 'cn-north-1' }],
])('an ARN says whose repository it is, not the account that the event came to: %s', (_, arn, owner) => {
  const event = anEnhancedScan({ 'repository-name': `${arn}:repository/shop/checkout` });
  expect(parse(event)).toMatchObject({ image: { repository: { ...owner, name: 'shop/checkout' } } });
});

test('our own word of a tag that moved is a hint that waits for nothing', () => {
  const {
    eventId: id,
    at,
    ...push
  } = parsePush(JSON.stringify(anImageAction('PUSH', { 'image-tag': 'latest' })));
  const image = { repository: push.repository, digest: DIGEST } as Image;
  const body = formatOwnHint({ image, id, at, isRetag: true });
  expect(parseScan(body)).toEqual({ ...envelope, kind: 'scan-hint', image, isRetag: true });
  expect(() => parsePush(body)).toThrow(InvalidEvent);
});

test('each queue takes its own events only', () => {
  expect(() => parsePush(JSON.stringify(aBasicScan()))).toThrow(InvalidEvent);
  expect(() => parseScan(JSON.stringify(anImageAction('PUSH')))).toThrow(InvalidEvent);
});

describe('what is wrong is named', () => {
  const events: readonly (readonly [string, RawEvent])[] = [
    ['push', anImageAction('PUSH', { 'image-tag': 'v1' })],
    ['archive', anImageAction('UPDATE_STORAGE_CLASS', { 'target-storage-class': 'ARCHIVE' })],
    ['basic scan', aBasicScan()],
    ['enhanced scan', anEnhancedScan()],
  ];
  const everywhere = [
    'id',
    'detail-type',
    'account',
    'time',
    'region',
    'detail',
    'repository-name',
    'image-digest',
  ];
  const required = (name: string) => [
    ...everywhere,
    ...(name === 'push' || name === 'archive' ? ['action-type', 'result'] : []),
    ...(name === 'archive' ? ['target-storage-class'] : []),
  ];
  const wrong = ['missing', null, 0, true, [], {}, 'x'.repeat(100_000), '\u001b[2J#\u202e'] as const;
  const cases = events.flatMap(([name, event]) =>
    required(name).flatMap((field) => wrong.map((value) => [name, field, value, event] as const)),
  );

  test.each(cases.filter(([, field, value]) => !(field === 'detail' && typeof value === 'object' && value)))(
    '%s: %s is %j',
    (_, field, value, event) => {
      const message = reasonOf(
        JSON.stringify(changed(event, field, value === 'missing' ? undefined : value)),
      );
      expect(message).toContain(field);
      expect(message).not.toMatch(/^accepted/);
      expect(message).toMatch(/^[^\p{Cc}\p{Bidi_Control}]{1,300}$/u);
    },
  );

  test.each([
    ['detail.image-tag', 5],
    ['detail.image-tag', 'a#b'],
    ['detail.image-tag', 't'.repeat(129)],
    ['detail.result', 'FAILURE'],
    ['detail.action-type', 'REPLICATE'],
    ['detail.target-storage-class', 'GLACIER'],
    ['account', '1111222233334'],
    ['account', '１１１１２２２２３３３３'],
    ['region', 'eu west 1'],
    ['time', '2026-11-20'],
    ['time', '2026-13-20T02:00:00Z'],
    ['time', '0000-01-01T00:00:00+14:00'],
    ['id', 'a#b'],
    ['id', 'a'.repeat(65)],
    ['detail.repository-name', 'arn:aws:ecr:eu-west-1:111122223333:repository/'],
    ['detail.repository-name', 'arn:aws:s3:::shop/checkout'],
    ['detail.repository-name', 'Shop'],
    ['detail.image-digest', 'sha256:EXAMPLE'],
    ['detail.image-digest', `${DIGEST}0`],
  ])('%s is %j', (field, value) => {
    const event = anImageAction('PUSH', { 'image-tag': 'v1' });
    const bare = field.replace('detail.', '');
    expect(reasonOf(JSON.stringify(changed(event, bare, value)))).toMatch(new RegExp(`^${field}: `));
  });

  test.each([
    'EC2 Instance',
    '',
    'ecr image action',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ])('nothing answers detail-type %j', (type) => {
    const event = { ...anImageAction('PUSH'), 'detail-type': type };
    expect(reasonOf(JSON.stringify(event))).toMatch(/^detail-type: nothing here answers/);
  });

  test.each(['', 'no', '{', 'undefined', "{'a':1}"])('%j is not JSON', (body) => {
    expect(reasonOf(body)).toBe('the body is not JSON');
  });

  test.each(['null', '0', '"text"', '[]', '{}', '{"__proto__":{"id":"x"}}', '{"detail":{"__proto__":null}}'])(
    '%s is not an event',
    (body) => {
      expect(reasonOf(body)).not.toMatch(/^accepted/);
    },
  );

  test('a field that is inherited is not there', () => {
    const { id: _, ...rest } = anImageAction('PUSH');
    const body = JSON.stringify(rest).replace('{', '{"__proto__":{"id":"13cde686"},');
    expect(reasonOf(body)).toMatch(/^id: /);
  });
});

describe('whatever comes', () => {
  const parses = (body: string) => {
    try {
      return parseEvent(body).kind !== undefined;
    } catch (error) {
      return error instanceof InvalidEvent && /^.{1,300}$/u.test(error.message);
    }
  };

  test('any JSON is an event or an InvalidEvent', () => {
    fc.assert(
      fc.property(fc.json(), (body) => parses(body)),
      { numRuns: 20_000 },
    );
  });

  test('any text is an event or an InvalidEvent', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (body) => parses(body)));
  });

  test('any value in any field is an event or an InvalidEvent', () => {
    const event = fc.constantFrom(
      anImageAction('PUSH', { 'image-tag': 'v1' }),
      anImageAction('UPDATE_STORAGE_CLASS', { 'target-storage-class': 'ARCHIVE' }),
      aBasicScan(),
      anEnhancedScan(),
    );
    const damaged = event.chain((it) => {
      const field = fc.constantFrom(...Object.keys(it), ...Object.keys(it.detail));
      return fc.tuple(fc.constant(it), field, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })));
    });
    fc.assert(
      fc.property(damaged, ([it, field, value]) => parses(JSON.stringify(changed(it, field, value)))),
      { numRuns: 5000 },
    );
  });
});

describe('ECR Referrer Action', () => {
  test('is something that happened to an artifact, whatever media types it has', () => {
    const event = { ...anImageAction('PUSH', { 'image-tag': '' }), 'detail-type': 'ECR Referrer Action' };
    expect(parse(event)).toMatchObject({
      kind: 'image-action',
      action: 'push',
      imageKind: 'artifact',
      digest: DIGEST,
    });
  });
});

describe('a hint to read documents', () => {
  const hint = {
    ...{ image: { repository, digest: parseDigest(DIGEST) }, id: 'id-1' },
    at: parseInstant('2026-11-20T02:00:00Z'),
  };
  const expected = {
    ...{ kind: 'documents-hint', eventId: 'id-1', at: '2026-11-20T02:00:00.000Z' },
    image: { repository, digest: DIGEST },
  };

  test('says which image, and whether they have been read before', () => {
    expect(parsePushOrHint(formatDocumentsHint(hint))).toEqual(expected);
    expect(parsePushOrHint(formatDocumentsHint({ ...hint, isAgain: true }))).toEqual({
      ...expected,
      isAgain: true,
    });
  });

  test('is for us to say', () => {
    const forged = JSON.stringify({ ...JSON.parse(formatDocumentsHint(hint)), source: 'aws.ecr' });
    expect(reasonOf(forged)).toContain('is for scan-response to say');
  });

  test('belongs to the queue for pushes', () => {
    expect(() => parseScan(formatDocumentsHint(hint))).toThrow(InvalidEvent);
    expect(() => parsePush(formatDocumentsHint(hint))).toThrow(InvalidEvent);
  });
});
