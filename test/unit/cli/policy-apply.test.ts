import { describe, expect, onTestFinished, test } from 'vitest';
import type { Options, Tools } from '../../../lib/cli/command.ts';
import { applyPolicy } from '../../../lib/cli/policy-apply.ts';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import { parsePolicy } from '../../../lib/policy-file/parse.ts';
import { MAX_FILE_BYTES } from '../../../lib/policy-file/schema.ts';
import type { PolicyPorts } from '../../../lib/services/apply-policy.ts';
import { listPolicies, loadPolicy, savePolicy } from '../../../lib/store/policy.ts';
import { definitions } from '../../conformance/database.ts';
import { startFaultProxy } from '../../doubles/fault-proxy.ts';
import { memoryDynamoDb } from '../../doubles/memory-dynamodb/client.ts';
import { fileOf, policyScene, aRule as rule } from '../../doubles/policy-cli.ts';

const { ask, tables, policy } = policyScene();

describe('apply', () => {
  test('from the first version on: known, tried, overtaken, looked up, listed', async () => {
    const first = await fileOf({ notifyAt: 'HIGH', ignore: [rule()] });
    const second = await fileOf({ notifyAt: 'LOW', ignore: [rule(), rule({ cve: 'CVE-2026-9' })] });
    expect(await policy(['show'])).toMatchObject({ exit: 2, document: { policy: null } });
    expect(await policy(['log'])).toMatchObject({ exit: 2, document: { versions: [] } });

    const tried = await policy(['apply', first, '--dry-run']);
    expect(tried).toMatchObject({
      exit: 0,
      document: {
        outcome: 'dry-run',
        dryRun: true,
        changes: ['+ notifyAt "HIGH"', expect.stringMatching(/^\+ ignore CVE-2026-1 in \*/)],
      },
    });
    expect(await listPolicies(tables().ledger)).toEqual([]);

    expect(await policy(['apply', first, '--version', '0'])).toMatchObject({
      exit: 0,
      document: { outcome: 'applied', number: 1 },
    });
    expect(await policy(['apply', first], { role: 'other' })).toMatchObject({
      exit: 0,
      document: { outcome: 'known', number: 1, changes: [] },
    });
    expect(await policy(['apply', second], { role: 'mary' })).toMatchObject({
      exit: 0,
      document: { outcome: 'applied', number: 2, warnings: [{}] },
    });

    const late = await policy(['apply', first, '--version', '1']);
    expect(late).toMatchObject({
      exit: 4,
      document: {
        outcome: 'overtaken',
        number: 2,
        changes: ['~ notifyAt "HIGH" → "LOW"', expect.stringContaining('CVE-2026-9')],
      },
    });
    const words = (await ask(['policy', 'apply', first, '--version', '1'])).stdout;
    expect(words).toMatch(/^version 2 was applied at .* by role\/mary; it changed:\n/);
    expect(words).toContain('nothing written');

    const [one, two] = await listPolicies(tables().ledger);
    expect([one?.by, two?.by]).toEqual(['role/ci', 'role/mary']);
    // Who decided about a rule stays with it; who repeats it is not its author.
    expect(two?.document.ignore?.map(({ by, since }) => [by, since])).toEqual([
      ['role/ci', one?.at],
      ['role/mary', two?.at],
    ]);

    const shown = async (...args: readonly string[]) =>
      (await policy(['show', ...args])).document.policy?.number;
    expect([
      await shown(),
      await shown('--version', '1'),
      await shown('--at', `${one?.at}`),
      await shown('--at', `${two?.at}`),
      await shown('--at', '2020-01-01T00:00Z'),
      await shown('--version', '9'),
    ]).toEqual([2, 1, 1, 2, undefined, undefined]);
    const { stdout } = await ask(['policy', 'show', '--version', '1']);
    expect(stdout).toMatch(
      /^# version 1 .* by role\/ci {2}[0-9a-f]{12}\nversion: 1\nnotifyAt: HIGH\nignore:\n/,
    );
    const again = await policy([
      'apply',
      await fileOf(stdout.replace(/^ +(by|since): .*\n/gm, '')),
      '--dry-run',
    ]);
    expect(again.document.changes).toEqual([
      '~ notifyAt "LOW" → "HIGH"',
      expect.stringMatching(/^- ignore CVE-2026-9/),
    ]);

    const log = await policy(['log']);
    expect(log.document.versions).toMatchObject([
      { number: 2, by: 'role/mary', at: two?.at },
      { number: 1, by: 'role/ci' },
    ]);
    expect((await ask(['policy', 'log'])).stdout).toMatch(
      /^version 2 .* by role\/mary .*\nversion 1 .* by role\/ci .*\n$/,
    );
  });

  test('who is overtaken between reading and writing is told what changed, and writes nothing', async () => {
    const before = await listPolicies(tables().ledger);
    const last = before.at(-1) ?? expect.fail('none');
    const other = {
      ...last,
      number: last.number + 1,
      hash: 'f',
      document: { version: 1 as const, owner: 'they' },
    };
    const { exit, document } = await policy(['apply', await fileOf({ owner: 'we' })], {
      meanwhile: () => savePolicy(tables().ledger, other, last),
    });
    expect({ exit, document }).toMatchObject({
      exit: 4,
      document: { outcome: 'overtaken', number: other.number },
    });
    expect(document.changes).toContain('+ owner "they"');
    expect(await listPolicies(tables().ledger)).toEqual([...before, other]);
  });

  test('an answer that was lost is no other one’s policy', async () => {
    let lost = 0;
    const reset = { name: 'lost reply', reaches: true, reply: 'reset' } as const;
    const proxy = await startFaultProxy(
      () => tables().url,
      ({ body }) =>
        body.includes('"CURRENT"') && body.includes('ConditionExpression') && lost++ === 0
          ? reset
          : undefined,
    );
    onTestFinished(() => proxy.close());
    const environment = { AWS_ENDPOINT_URL_DYNAMODB: proxy.url };
    const { exit, document } = await policy(['apply', await fileOf({ owner: 'us' })], { environment });
    expect([lost, exit, document.outcome]).toEqual([2, 0, 'applied']);
    expect((await listPolicies(tables().ledger)).at(-1)).toMatchObject({
      number: document.number,
      document: { owner: 'us' },
    });
  });

  // In this process and over tables in memory, which refuse what DynamoDB finds too large: dynalite needs longer for such an
  // item than the command waits for an answer, where a machine has much to do.
  test('a thousand rules as long as a file can be fit into the ledger, with who wrote them', async () => {
    const { client, calls } = memoryDynamoDb(Object.values(definitions));
    const ledger = { client, name: String(definitions.ledger.TableName) };
    const reason = 'r'.repeat(Math.floor(MAX_FILE_BYTES / 1000) - 58);
    const lines = Array.from(
      { length: 1000 },
      (_, nth) => `- {cve: CVE-2026-${10_000 + nth},reason: ${reason},expires: 2999-12-31}\n`,
    );
    const text = `version: 1\nignore:\n${lines.join('')}`;
    expect(text.length).toBeGreaterThan(MAX_FILE_BYTES * 0.98);
    const parsed = parsePolicy(text);
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
    // IAM: the name of a role has 64 characters at most.
    const by = untrusted(`role/${'r'.repeat(64)}`);
    const ports: PolicyPorts = {
      load: () => loadPolicy(ledger, { isConsistent: true }),
      list: () => listPolicies(ledger),
      save: (policy, before) => savePolicy(ledger, policy, before),
      whoAmI: async () => by,
    };
    const options = { dryRun: false } as Options;
    const tools = { now: () => new Date() } as Tools;
    const { exit } = await applyPolicy(parsed.document, [], options, tools, ports);
    // What holds is read once, and what is applied written twice: as what holds, and as a version.
    expect([exit, calls()]).toEqual([0, 3]);
    expect((await listPolicies(ledger))[0]?.document.ignore?.[999]).toMatchObject({ by: raw(by) });
  });
});
