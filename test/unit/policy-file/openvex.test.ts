import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { importVex } from '../../../lib/policy-file/openvex.ts';
import { parsePolicy } from '../../../lib/policy-file/parse.ts';

const IMAGE = 'pkg:oci/api?repository_url=111122223333.dkr.ecr.eu-west-1.amazonaws.com/payments/api';
const [ONE, OTHER] = ['pkg:oci/api@sha256%3Aaa', 'pkg:oci/api@sha256%3Abb'];
const EXPIRES = '2027-03-31';

/** What becomes of statements; each is about CVE-2026-1 in one image and says that it is not affected. */
function imported(...statements: readonly object[]) {
  const whole = {
    vulnerability: { name: 'CVE-2026-1' },
    products: [{ '@id': IMAGE }],
    status: 'not_affected',
  };
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    timestamp: '2026-11-01T00:00:00Z',
    statements: statements.map((it) => ({ ...whole, ...it })),
  };
  return importVex(document, EXPIRES) ?? expect.fail('no document');
}

const subjectsOf = ({ rules }: ReturnType<typeof imported>) =>
  rules.map(({ cve, package: name, repository }) => [cve, name, repository]);

describe('a rule is made of', () => {
  test('a finding that does not affect an image, with the reason', () => {
    const more = {
      justification: 'vulnerable_code_not_present',
      impact_statement: 'the module is not built',
    };
    expect(imported(more)).toEqual({
      rules: [
        {
          ...{ cve: 'CVE-2026-1', repository: 'payments/api', expires: EXPIRES },
          reason: 'OpenVEX vulnerable_code_not_present: the module is not built',
        },
      ],
      ...{ widened: [], left: [] },
    });
  });

  test.each([
    ['a product by its name alone', { products: ['pkg:oci/api'] }, ['CVE-2026-1', undefined, 'api']],
    [
      'a product with a purl beside its id',
      { products: [{ '@id': 'urn:1', identifiers: { purl: IMAGE } }] },
      ['CVE-2026-1', undefined, 'payments/api'],
    ],
    ['a finding by its name alone', { vulnerability: 'GHSA-1' }, ['GHSA-1', undefined, 'payments/api']],
    ['a finding by its id', { vulnerability: { '@id': 'CVE-2' } }, ['CVE-2', undefined, 'payments/api']],
    ['what is fixed in an image by its name', { status: 'fixed' }, ['CVE-2026-1', undefined, 'payments/api']],
  ])('%s', (_, statement, expected) => {
    expect(subjectsOf(imported(statement))).toEqual([expected]);
  });

  test.each([
    ['pkg:deb/debian/openssl@3.0.1?arch=amd64', 'openssl'],
    ['pkg:apk/alpine/busybox@1.36', 'busybox'],
    ['pkg:npm/%40scope/pad@1.0.0', '@scope/pad'],
    ['pkg:maven/org.apache.logging.log4j/log4j-core@2.14', 'org.apache.logging.log4j:log4j-core'],
    ['pkg:golang/golang.org/x/net@v0.1.0', 'golang.org/x/net'],
    ['pkg:pypi/requests', 'requests'],
  ])('a part, %s, as the package %s', (purl, name) => {
    const parts = [{ '@id': purl }, { identifiers: { purl } }, purl];
    const { rules } = imported({ products: [{ '@id': IMAGE, subcomponents: parts }] });
    expect(rules.map((it) => it.package)).toEqual([name, name, name]);
  });
});

test('a rule that says more than its statement is named', () => {
  const { rules, widened } = imported({ products: [ONE] });
  expect(rules).toHaveLength(1);
  expect(widened).toEqual(['statement 1 (CVE-2026-1): is about one digest; the rule is about all of api']);
});

describe('no rule is made of', () => {
  test.each([
    ['affected', { status: 'affected' }, 'its status is affected, which keeps a finding open'],
    [
      'under investigation',
      { status: 'under_investigation' },
      'its status is under_investigation, which keeps a finding open',
    ],
    ['a status nobody knows', { status: 'toString' }, 'its status is toString, which keeps a finding open'],
    [
      'what is fixed in one image',
      { status: 'fixed', products: [ONE] },
      'fixed in one image, while a rule would silence older ones, too',
    ],
    ['no product', { products: [] }, 'names no product'],
    ['a product that is no image', { products: ['pkg:npm/left-pad'] }, 'pkg:npm/left-pad is no pkg:oci/…'],
    ['a product without a name', { products: [{}] }, 'a product without a purl is no pkg:oci/…'],
    [
      'a repository that cannot be',
      { products: ['pkg:oci/a?repository_url=h/..%2F*'] },
      'pkg:oci/a?repository_url=h/..%2F* is no pkg:oci/…',
    ],
    [
      'a part that is no package',
      { products: [{ '@id': IMAGE, subcomponents: ['libssl'] }] },
      'libssl is no purl of a package',
    ],
    [
      'a part with a broken encoding',
      { products: [{ '@id': IMAGE, subcomponents: ['pkg:npm/%E0%A4%A'] }] },
      'pkg:npm/%E0%A4%A is no purl of a package',
    ],
  ])('%s', (_, statement, why) => {
    expect(imported(statement)).toEqual({
      rules: [],
      widened: [],
      left: [`statement 1 (CVE-2026-1): ${why}`],
    });
  });

  test.each([
    ['a pattern', { vulnerability: 'CVE-*' }, 'statement 1 (CVE-*): names no finding'],
    ['no finding', { vulnerability: {} }, 'statement 1 (): names no finding'],
    ['a statement that is none', { vulnerability: 5 }, 'statement 1: not a statement of OpenVEX'],
    [
      'an id that is no text',
      { products: [{ '@id': { toString: 5 } }] },
      'statement 1: not a statement of OpenVEX',
    ],
    [
      'a purl that is no text',
      { products: [{ identifiers: { purl: { toString: 5 } } }] },
      'statement 1: not a statement of OpenVEX',
    ],
  ])('%s', (_, statement, left) => {
    expect(imported(statement)).toEqual({ rules: [], widened: [], left: [left] });
  });
});

describe('of statements that contradict each other', () => {
  const open = { status: 'affected' };
  const at = (day: string) => ({ timestamp: `2026-11-${day}T00:00:00Z` });

  test.each([
    ['the later one holds', [{}, open], 0],
    ['the later one holds, again', [open, {}], 1],
    ['the newer one holds, wherever it stands', [{ ...open, ...at('03') }, { ...at('02') }], 0],
    [
      'the newer one holds, whatever its zone',
      [{ timestamp: '2026-11-02T23:00:00+01:00' }, { ...open, ...at('02') }],
      1,
    ],
    ['one without a time is as old as the document', [{ ...at('02') }, open], 1],
    [
      'another image of the repository keeps it open',
      [
        { ...open, products: [OTHER], ...at('02') },
        { products: [ONE], ...at('03') },
      ],
      0,
    ],
    ['another repository does not', [{}, { ...open, products: ['pkg:oci/web'] }], 1],
    ['another finding does not', [{}, { ...open, vulnerability: 'CVE-2' }], 1],
  ])('%s', (_, statements, count) => {
    expect(imported(...statements).rules).toHaveLength(count);
  });

  test('what gives way is told', () => {
    expect(imported({}, open).left).toEqual([
      'statement 1 (CVE-2026-1): statement 2 (CVE-2026-1) keeps it open',
      'statement 2 (CVE-2026-1): its status is affected, which keeps a finding open',
    ]);
  });
});

test.each([
  undefined,
  null,
  5,
  [],
  {},
  { '@context': 'https://example.com', statements: [] },
  { '@context': 'https://openvex.dev/ns/v0.2.0', statements: {} },
])('%j is no document', (value) => {
  expect(importVex(value, EXPIRES)).toBeUndefined();
});

test('no document throws, and what is made of any is a policy', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(IMAGE, ONE, 'pkg:oci/a@b?c', 'CVE-2026-1'),
  );
  const named = fc.oneof(
    word,
    fc.record({ '@id': word, identifiers: fc.record({ purl: word }) }),
    fc.jsonValue(),
  );
  const statement = fc.record({
    vulnerability: named,
    products: fc.array(fc.oneof(named, fc.record({ '@id': word, subcomponents: fc.array(named) }))),
    status: fc.oneof(fc.constantFrom('not_affected', 'fixed', 'affected'), word),
    impact_statement: word,
    timestamp: word,
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(statement, fc.jsonValue())), (statements) => {
      const { rules } =
        importVex({ '@context': 'https://openvex.dev/ns', statements }, EXPIRES) ??
        expect.fail('no document');
      expect(parsePolicy(stringify({ version: 1, ignore: rules }))).toHaveProperty('document');
    }),
    { numRuns: 1000 },
  );
});
