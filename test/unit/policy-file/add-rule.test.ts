import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../lib/instant.ts';
import type { AppliedPolicy } from '../../../lib/policy/document.ts';
import { addRule } from '../../../lib/policy-file/add-rule.ts';
import { parsePolicy } from '../../../lib/policy-file/parse.ts';
import { fingerprint } from '../../../lib/scan/compare.ts';

const AT = parseInstant('2026-11-20T04:00:00.000Z');
const AUTHOR = { by: 'slack:U0ANNA0001 (anna)', at: AT };
const RULE = { cve: 'CVE-2026-1', repository: 'demo-api', reason: 'no shell', expires: '2026-12-24' };

/** As `policy apply` of this file leaves it. */
function applied(text: string): AppliedPolicy {
  const parsed = parsePolicy(text);
  if (!('document' in parsed)) throw new Error(JSON.stringify(parsed));
  const { document } = parsed;
  const signed = document.ignore?.map((rule) => ({ ...rule, by: 'ci', since: AT }));
  const hash = fingerprint([JSON.stringify(document)]);
  return { number: 7, hash, at: AT, document: { ...document, ...(signed && { ignore: signed }) } };
}

function added(before: AppliedPolicy | undefined, rule = RULE): AppliedPolicy {
  const result = addRule(before, rule, AUTHOR);
  return result && 'policy' in result ? result.policy : expect.fail(JSON.stringify(result));
}

describe('a rule more', () => {
  test('is the first version where nobody applied one', () => {
    expect(added(undefined)).toMatchObject({
      number: 1,
      by: AUTHOR.by,
      at: AT,
      document: { version: 1, ignore: [{ ...RULE, by: AUTHOR.by, since: AT }] },
    });
  });

  test('leaves all else as it was, with its authors', () => {
    const before = applied(
      'version: 1\nnotifyAt: HIGH\nignore:\n  - {cve: CVE-1, reason: old, expires: 2027-01-01}\n',
    );
    const { number, document } = added(before);
    expect(number).toBe(8);
    expect(document.notifyAt).toBe('HIGH');
    expect(document.ignore?.map(({ cve, by }) => [cve, by])).toEqual([
      ['CVE-1', 'ci'],
      ['CVE-2026-1', AUTHOR.by],
    ]);
  });

  test('has the hash of the file that says the same: to apply that changes nothing', () => {
    const rules = '  - {cve: CVE-1, reason: old, expires: 2027-01-01}\n';
    const ours = '  - {cve: CVE-2026-1, repository: demo-api, reason: no shell, expires: 2026-12-24}\n';
    const before = applied(`version: 1\nignore:\n${rules}`);
    expect(added(before).hash).toBe(applied(`version: 1\nignore:\n${rules}${ours}`).hash);
  });

  test('that is there already is none', () => {
    expect(addRule(added(undefined), { ...RULE, reason: 'said otherwise' }, AUTHOR)).toBeUndefined();
  });

  test.each([
    ['reason', { reason: ' ' }],
    ['reason', { reason: 'x'.repeat(501) }],
    ['expires', { expires: '2026-02-30' }],
    ['repository', { repository: 'Demo Api' }],
    ['cve', { cve: '<!channel>' }],
  ])('what is wrong with its %s is said there', (field, changes) => {
    const result = addRule(undefined, { ...RULE, ...changes }, AUTHOR);
    expect(result && 'wrong' in result && Object.keys(result.wrong)).toEqual([field]);
  });

  test('a policy that is full takes none', () => {
    const many = Array.from({ length: 1_000 }, (_, nth) => ({ ...RULE, cve: `CVE-2026-${nth + 2}` }));
    const before = { ...added(undefined), document: { version: 1 as const, ignore: many } };
    const result = addRule(before, RULE, AUTHOR);
    expect(result && 'wrong' in result && result.wrong).toEqual({ '': 'takes 1000 rules at most' });
  });
});
