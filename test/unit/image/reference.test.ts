import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadReference } from '../../../lib/errors.ts';
import { digestOf, parseDigest, shortDigest } from '../../../lib/image/digest.ts';
import {
  parseReference,
  parseRepositoryName,
  parseTag,
  type Reference,
} from '../../../lib/image/reference.ts';

const HEX = '0123456789abcdef'.repeat(4);
const DIGEST = `sha256:${HEX}`;

/** Nothing of this kind may pass as the name of anything. */
const HOSTILE = [
  '',
  ' ',
  '#',
  'a#b',
  'latest#TAG#1',
  'a b',
  'a\nb',
  'latest\n',
  '\u0000',
  'a\u001b[31mb',
  'a\u202eb',
  'ａｐｉ',
  'C:\\images\\api',
  '..',
  '../etc/passwd',
  '<!channel>',
  'a|b',
  '$(reboot)',
  'a'.repeat(10_000),
];

describe('parseTag', () => {
  test.each(['latest', 'v1.2.3', '_x', '1', 'A', 'a.b-c_d', 'sha256-ab.sig', '0'.repeat(128)])(
    '%s',
    (text) => {
      expect(parseTag(text)).toBe(text);
    },
  );

  test.each([...HOSTILE, '.hidden', '-x', 'a/b', 'a:b', 'a@b', 'x'.repeat(129)])('refuses %j', (text) => {
    expect(() => parseTag(text)).toThrow(BadReference);
  });
});

describe('parseRepositoryName', () => {
  test.each(['ab', 'demo-api', 'shop/checkout', 'a/b/c/d', 'a__b', 'a.b-c_d/e', '0a', 'a'.repeat(256)])(
    '%s',
    (text) => {
      expect(parseRepositoryName(text)).toBe(text);
    },
  );

  test.each([...HOSTILE, 'a', 'Demo', '-a', 'a-', '/a', 'a/', 'a//b', 'a/.b', 'a:b', 'a@b', 'a'.repeat(257)])(
    'refuses %j',
    (text) => {
      expect(() => parseRepositoryName(text)).toThrow(BadReference);
    },
  );

  test('answers a long name at once, whatever it is made of', () => {
    const started = performance.now();
    for (const part of ['a', 'a-', 'a.', 'a/', '-'])
      expect(() => parseRepositoryName(`${part.repeat(120)}!`)).toThrow(BadReference);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('parseDigest', () => {
  test('takes sha256 and 64 hex characters', () => {
    expect(parseDigest(DIGEST)).toBe(DIGEST);
  });

  test.each([
    ...HOSTILE,
    HEX,
    `sha256:${HEX.slice(1)}`,
    `${DIGEST}0`,
    `${DIGEST}\n`,
    DIGEST.toUpperCase(),
    `sha512:${HEX}${HEX}`,
    `sha256:${'g'.repeat(64)}`,
  ])('refuses %j', (text) => {
    expect(() => parseDigest(text)).toThrow(BadReference);
  });

  test('is the hash of the exact bytes', () => {
    expect(digestOf('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(digestOf('{}')).not.toBe(digestOf('{} '));
  });

  test('is printed by its first twelve hex characters', () => {
    expect(shortDigest(parseDigest(DIGEST))).toBe('0123456789ab');
  });
});

/** As a person writes it, without the registry's host. */
function printed({ name, tag, digest }: Reference): string {
  return [name, ...(tag ? [`:${tag}`] : []), ...(digest ? [`@${digest}`] : [])].join('');
}

describe('parseReference', () => {
  const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

  test.each([
    ['demo-api', { name: 'demo-api' }],
    ['demo-api:latest', { name: 'demo-api', tag: 'latest' }],
    ['shop/checkout:v1.4.2', { name: 'shop/checkout', tag: 'v1.4.2' }],
    [`demo-api@${DIGEST}`, { name: 'demo-api', digest: DIGEST }],
    [`demo-api:latest@${DIGEST}`, { name: 'demo-api', tag: 'latest', digest: DIGEST }],
    [`${host}/demo-api`, { account: '111122223333', region: 'eu-west-1', name: 'demo-api' }],
    [
      `${host}/shop/checkout:v1@${DIGEST}`,
      { account: '111122223333', region: 'eu-west-1', name: 'shop/checkout', tag: 'v1', digest: DIGEST },
    ],
    [
      '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/demo-api:latest',
      { account: '111122223333', region: 'cn-north-1', name: 'demo-api', tag: 'latest' },
    ],
    [
      '111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/demo-api',
      { account: '111122223333', region: 'us-gov-west-1', name: 'demo-api' },
    ],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  test.each([
    ...HOSTILE,
    'demo-api:',
    'demo-api@',
    'demo-api:a:b',
    `demo-api@${DIGEST}@${DIGEST}`,
    `demo-api@${DIGEST}:latest`,
    'demo-api@latest',
    'localhost:5000/demo-api:latest',
    `https://${host}/demo-api`,
    `${host}/`,
    `${host}/:latest`,
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(BadReference);
  });

  test('takes the longest that ECR can have', () => {
    const text = `${host}/${'a'.repeat(256)}:${'t'.repeat(128)}@${DIGEST}`;
    expect(parseReference(text).digest).toBe(DIGEST);
  });

  test('says what was wrong, short and on one line', () => {
    const whole = (() => {
      try {
        return parseReference(`demo-api:\u001b[2J\n${'x'.repeat(400)}`).name;
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(whole).toMatch(/^not a tag: "\ufffd\[2J\ufffdx+…"$/);
    expect(whole.length).toBeLessThan(120);
  });

  test('never ends in anything else than a reference or BadReference, and never lets a key separator in', () => {
    const pieces = fc.constantFrom('a', 'demo', '/', ':', '@', '#', '.', '-', DIGEST, host, '\n', 'é', 'A');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((it) => it.join('')),
    );
    fc.assert(
      fc.property(text, (it) => {
        try {
          const reference = parseReference(it);
          expect(Object.values(reference).join('')).not.toMatch(/[#\s]/);
          expect(it.endsWith(printed(reference))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(BadReference);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
