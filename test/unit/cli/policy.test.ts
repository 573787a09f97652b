import { describe, expect, test } from 'vitest';
import { listPolicies } from '../../../lib/store/policy.ts';
import { fileOf, policyScene, aRule as rule } from '../../doubles/policy-cli.ts';

const { ask, tables, policy } = policyScene();

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('check', () => {
  test('a file that is right', async () => {
    const file = await fileOf({
      repositories: [{ name: 'demo-api', notifyAt: 'HIGH' }],
      ignore: [rule({ repository: 'demo-*' })],
    });
    expect(await policy(['check', file])).toMatchObject({
      exit: 0,
      document: { action: 'check', errors: [], warnings: [], document: { version: 1 } },
    });
    expect(await ask(['policy', 'check', file])).toMatchObject({
      exit: 0,
      stdout: `${file} can be applied\n`,
      stderr: '',
    });
  });

  test('every error with its place, and exit 4; apply says the same and writes nothing', async () => {
    const file = await fileOf('version: 1\nnotifyAt: high\nignore:\n  - cve: CVE-1\n');
    for (const action of ['check', 'apply']) {
      const { exit, document } = await policy([action, file]);
      expect({ exit, places: document.errors.map((it: { where: string }) => it.where) }).toEqual({
        exit: 4,
        places: ['line 2, column 11', 'line 4, column 5', 'line 4, column 5'],
      });
    }
    const { stdout } = await ask(['policy', 'check', file]);
    expect(stdout).toContain(`${file}: line 4, column 5: ignore[0].reason is missing: every rule says why\n`);
    expect(stdout).toContain('3 errors: nothing is applied\n');
    expect(await listPolicies(tables().ledger)).toEqual([]);
  });

  test.each([
    [
      'a rule that has ended',
      { ignore: [rule({ expires: '2020-01-01' })] },
      'CVE-2026-1 in * speaks again: the rule ended on 2020-01-01',
    ],
    [
      'a rule that ends soon',
      { ignore: [rule({ expires: inDays(3) })] },
      `CVE-2026-1 in * speaks again soon: the rule ends on ${inDays(3)}`,
    ],
    [
      'an id that was never found',
      { ignore: [rule({ cve: 'CVE-2026-2' })] },
      'CVE-2026-2 in * was never found there: nothing to ignore',
    ],
    [
      'an id that was found elsewhere',
      { ignore: [rule({ repository: 'shop*' })] },
      'CVE-2026-1 in shop* was never found there: nothing to ignore',
    ],
    [
      'a repository nobody has pushed to',
      { repositories: [{ name: 'demo-apo' }] },
      'no push to a repository called demo-apo is on record: is the name right?',
    ],
    [
      'a rule for all',
      { ignore: [rule({ cve: '*' })] },
      'the rule ignores every finding: name a cve, a package or a path',
    ],
    [
      'rules that overlap',
      { ignore: [rule(), rule({ cve: 'CVE-2026-*', package: 'x' })] },
      expect.stringMatching(
        /^the rule may be about the same finding as the one in line 1, column \d+: it is ignored until both have ended$/,
      ),
    ],
    [
      'patterns as specific',
      { repositories: [{ name: 'demo*' }, { name: '*demo' }] },
      '*demo and demo* may be about the same repository, and are as specific: what this one says wins',
    ],
    [
      'a digest that is always in quiet hours',
      {
        quietHours: { from: '22:00', to: '07:00', zone: 'Asia/Tokyo' },
        repositories: [{ name: 'demo*', digest: { at: '06:00', zone: 'Asia/Tokyo' } }],
      },
      'every digest is in quiet hours: what gathers is told when they end',
    ],
  ])('%s is a warning, and with --strict an error', async (_, content, says) => {
    const file = await fileOf(content);
    const warnings = [{ where: expect.stringMatching(/^line 1, column \d+$/), says }];
    expect(await policy(['check', file])).toMatchObject({ exit: 0, document: { errors: [], warnings } });
    expect(await policy(['check', file, '--strict'])).toMatchObject({
      exit: 4,
      document: { errors: warnings },
    });
  });
});

test('a digest of Saturdays too, and quiet weekends: nothing to warn of', async () => {
  const quietHours = { from: '22:00', to: '07:00', allDay: ['sat', 'sun'], zone: 'Asia/Tokyo' };
  const file = await fileOf({ quietHours, digest: { at: '09:00', zone: 'Asia/Tokyo' } });
  expect(await policy(['check', file, '--strict'])).toMatchObject({ exit: 0, document: { warnings: [] } });
});

describe('import-vex', () => {
  const IMAGE = 'pkg:oci/api?repository_url=r.example.com/payments/api';
  const statements = [
    {
      vulnerability: { name: 'CVE-1' },
      products: [{ '@id': IMAGE }],
      status: 'not_affected',
      impact_statement: 'a # b\n- c: "d"',
    },
    { vulnerability: { name: 'CVE-2' }, products: [{ '@id': IMAGE }], status: 'affected' },
    { vulnerability: { name: 'CVE-3\u001b[31m' }, products: [{ '@id': IMAGE }], status: 'fixed' },
  ];

  test('prints what a policy takes as it is, and names the rest', async () => {
    const file = await fileOf(JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', statements }));
    const args = ['import-vex', file, '--expires', '2027-03-31'];
    expect(await policy(args)).toMatchObject({
      exit: 0,
      document: {
        rules: [{ cve: 'CVE-1', repository: 'payments/api' }],
        left: [expect.stringContaining('affected'), expect.stringContaining('names no finding')],
      },
    });
    const { stdout } = await ask(['policy', ...args]);
    expect(stdout).toContain('# 1 rules, 2 left out');
    expect(stdout).not.toContain('\u001b');
    const policyFile = await fileOf(`version: 1\n${stdout}`);
    const { document } = await policy(['check', policyFile]);
    expect(document.document.ignore).toMatchObject([
      { cve: 'CVE-1', expires: '2027-03-31', reason: 'OpenVEX not_affected: a # b\n- c: "d"' },
    ]);
  });
});

test.each([
  ['no action', []],
  ['an action nobody knows', ['aply', 'x']],
  ['check without a file', ['check']],
  ['show with a file', ['show', 'x']],
  ['a file that is not there', ['check', '/nowhere/policy.yaml']],
  ['a time that is none', ['show', '--at', 'soon']],
  ['a version that is none', ['show', '--version', 'x']],
  ['a version to build on that is none', ['apply', 'FILE', '--version', 'x']],
  ['a version to build on that never was', ['apply', 'FILE', '--version', '99']],
  ['OpenVEX without an end', ['import-vex', 'FILE']],
  ['OpenVEX until a day that is none', ['import-vex', 'FILE', '--expires', '2027-02-30']],
  ['OpenVEX that is none', ['import-vex', 'FILE', '--expires', '2027-03-31']],
])('wrong usage: %s is exit 1, and says what to do', async (_, args) => {
  const file = await fileOf({});
  const { exit, stderr } = await policy(args.map((it) => (it === 'FILE' ? file : it)));
  expect(exit).toBe(1);
  expect(stderr).toMatch(/^scan-response: |usage/);
});
