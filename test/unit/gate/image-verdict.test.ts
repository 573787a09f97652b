import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { type AnsweredImage, imageVerdict } from '../../../lib/gate/image-verdict.ts';
import type { Tag } from '../../../lib/image/reference.ts';
import { aDigest, anImageOf, at } from '../../build/lineage.ts';
import { aReading } from '../../build/reading.ts';

const question = { limits: { CRITICAL: 0 }, onlyFixable: false, ignored: () => false };
const validate = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync('docs/image-verdict.schema.json', 'utf8')),
);

function answered(more: Partial<AnsweredImage> = {}): AnsweredImage {
  const digest = aDigest('a');
  return {
    image: anImageOf(digest),
    kind: 'image',
    tags: ['latest' as Tag],
    references: ['latest'],
    pushedAt: at('01:00'),
    readings: [{ image: { digest }, reading: aReading(['CVE-1']) }],
    ...more,
  };
}

const idOf = (...args: Parameters<typeof imageVerdict>) => imageVerdict(...args).id;

test('the same image, scan, limits and verdict have one id; whatever tags it has meanwhile', () => {
  const id = idOf(answered(), question);
  expect(
    idOf(answered({ tags: ['latest', 'prod'] as Tag[], references: ['latest', 'prod'] }), question),
  ).toBe(id);
  const reading = { image: { digest: aDigest('a') }, reading: aReading(['CVE-2']) };
  for (const other of [
    idOf(answered({ image: anImageOf(aDigest('b')) }), question),
    idOf(answered({ readings: [reading] }), question),
    idOf(answered(), { ...question, limits: { CRITICAL: 0, HIGH: 0 } }),
    idOf(answered(), { ...question, ignored: () => true }),
  ])
    expect(other).not.toBe(id);
});

test('an image with a thousand tags and platforms fits into an entry', () => {
  const names = Array.from({ length: 1000 }, (_, nth) => `${nth}-${'x'.repeat(120)}`);
  const digests = names.map((_, nth) =>
    aDigest('0').replace(/^sha256:.{4}/, `sha256:${String(nth).padStart(4, '0')}`),
  );
  const readings = digests.map((digest, nth) => ({
    image: { digest: digest as ReturnType<typeof aDigest>, platform: `linux/${'p'.repeat(32)}/${nth}` },
    reading: aReading(['CVE-1']),
  }));
  const verdict = imageVerdict(
    answered({ kind: 'index', tags: names as unknown as Tag[], references: names, readings }),
    question,
  );
  expect(validate(verdict), JSON.stringify(validate.errors)).toBe(true);
  expect(Buffer.byteLength(JSON.stringify(verdict))).toBeLessThan(64 * 1024);
  expect(verdict).toMatchObject({ verdict: 'blocked', tagCount: 1000, platformCount: 1000 });
});

test('a status that AWS has not invented yet is not passed on', () => {
  const digest = aDigest('a');
  const reading = { state: 'unscannable', status: '<b>@here</b>' } as const;
  const verdict = imageVerdict(answered({ readings: [{ image: { digest }, reading }] }), question);
  expect(validate(verdict)).toBe(true);
  expect(verdict).toMatchObject({ verdict: 'unscanned', platforms: [{ status: 'UNKNOWN' }], counts: null });
});
