import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../lib/cli/commands.ts';
import type { Digest } from '../../../lib/image/digest.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';
import { cliOver } from '../../doubles/cli.ts';
import { recorder } from '../../doubles/lookup.ts';
import { openQueues } from '../../doubles/sqs.ts';

const FOLDER = 'docs/schemas';
const [A, B] = ['a', 'b'].map(aDigest) as [Digest, Digest];
const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
for (const file of readdirSync(FOLDER)) ajv.addSchema(JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')));

/** What is wrong with a document by the schema that it names; nothing when it is right. */
function faultsOf(document: { readonly schema?: string }): unknown {
  const name = /^scan-response\.([a-z]+)\/v1$/.exec(document.schema ?? '')?.[1];
  const validate = ajv.getSchema(`urn:scan-response:${name}:v1`);
  if (!validate) return `no schema for ${document.schema}`;
  return validate(document) ? undefined : validate.errors;
}

const { ask } = cliOver(async (tables) => {
  const demo = recorder(tables);
  await demo.tag('latest', '01:00', A);
  await demo.tag('latest', '02:00', B);
  await demo.tag('old', '01:00', A);
  await demo.tag('old', '02:00');
  await demo.image(A, ['latest', COMMIT, 'main-f00df00']);
  await demo.image(B, ['latest'], {
    kind: 'index',
    platforms: [{ digest: aDigest('1'), platform: 'linux/amd64' }],
  });
  await demo.evidence(B, [
    {
      commit: COMMIT.replace('0a1b', 'ffff'),
      tier: 'builder',
      source: { from: 'provenance', document: aDigest('9'), field: 'configSource.digest' },
      repoUrl: untrusted('https://github.com/example/demo-api'),
    },
  ]);
  await demo.scan(A, aScan());
  await demo.scan(B, aScan({ findings: [] }));
  await saveVerification(tables.lineage, aRepository(), { since: at('00:30'), verifiedAt: at('11:55') });
  for (const region of ['eu-west-1', 'us-east-1']) {
    const { tag, image } = recorder(tables, aRepository({ name: 'web/shop', region }));
    await tag('latest', '01:00', A);
    await image(A, ['latest']);
  }
});

test('every command has a schema, and every schema is one', () => {
  const names = [...Object.keys(COMMANDS), 'definitions', 'refusal'].sort();
  expect(readdirSync(FOLDER).map((file) => file.replace('.schema.json', ''))).toEqual(names);
  for (const name of names) expect(ajv.getSchema(`urn:scan-response:${name}:v1`), name).toBeDefined();
});

test.each([
  [0, ['who', 'demo-api:latest']],
  [0, ['who', 'demo-api:latest~1']],
  [0, ['who', 'demo-api:latest', '-o', 'sha']],
  [0, ['who', `demo-api@${A}`]],
  [0, ['who', COMMIT]],
  [2, ['who', 'demo-api:old']],
  [2, ['who', 'CVE-2026-1234']],
  [3, ['who', 'web/shop:latest']],
  [3, ['who', `sha256:${'a'.repeat(8)}`]],
  [0, ['who', 'demo-api:latest~1', '--findings']],
  [0, ['history', 'demo-api:old']],
  [0, ['history', 'demo-api:latest', '--details', '--at', '2026-11-20T01:30:00Z']],
  [2, ['history', 'demo-api:none']],
  [3, ['history', 'web/shop:latest']],
  [0, ['diff', 'demo-api:latest~1', 'demo-api:latest']],
  [0, ['diff', 'demo-api:latest', 'demo-api:latest']],
  [2, ['diff', 'demo-api:none', 'demo-api:latest']],
  [0, ['contains', COMMIT, 'demo-api:latest~1']],
  [4, ['contains', '1234567', 'demo-api:latest', '--offline', '--clone', '/nowhere']],
  [2, ['contains', COMMIT, 'prod/nowhere']],
  [2, ['service', 'prod/nowhere']],
  [2, ['cve', 'CVE-2026-9999']],
  [0, ['repositories']],
  [0, ['repositories', '--limit', '1', '--region', 'us-east-1']],
  [2, ['repositories', '--account', '999988887777']],
  [0, ['completion', 'bash']],
])('%i: %j', async (exit, args) => {
  const answer = await ask([...args, '--json']);
  expect(answer).toMatchObject({ exit, stderr: '' });
  expect(faultsOf(JSON.parse(answer.stdout))).toBeUndefined();
});

test('what an operator does', async () => {
  const names = ['pushes', 'scans', 'deployments', 'datadog', 'slack', 'sns'];
  const { urls } = await openQueues(
    ...names.flatMap((name) => [`scan-response-dev-${name}`, `scan-response-dev-${name}-dead-letters`]),
  );
  const endpoint = new URL(Object.values(urls)[0] ?? '').origin;
  const environment = { AWS_ENDPOINT_URL_SQS: endpoint };
  for (const args of [
    ['redrive', 'slack'],
    ['replay', 'demo-api:latest', '--dry-run'],
  ]) {
    const { stdout, exit } = await ask([...args, '--json'], environment);
    expect(exit).toBe(0);
    expect(faultsOf(JSON.parse(stdout))).toBeUndefined();
  }
});

test('a doctor that is let see nothing', async () => {
  const { stdout } = await ask(['doctor', '--json'], {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_MAX_ATTEMPTS: '1',
  });
  expect(faultsOf(JSON.parse(stdout))).toBeUndefined();
});

test('a document with something missing or wrong is refused', async () => {
  const { stdout } = await ask(['who', 'demo-api:latest', '--json']);
  const document = JSON.parse(stdout);
  for (const change of [
    { digest: undefined },
    { gaps: 3 },
    { since: '2026-11-20' },
    { doubts: ['none'] },
    { schema: 'scan-response.who/v2' },
  ])
    expect(
      faultsOf(JSON.parse(JSON.stringify({ ...document, ...change }))),
      JSON.stringify(change),
    ).toBeDefined();
});
