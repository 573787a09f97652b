import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished } from 'vitest';
import { saveSightings } from '../../lib/store/findings-index.ts';
import { serve } from '../../local/http.ts';
import { aDigest, aRepository } from '../build/lineage.ts';
import { cliOver } from './cli.ts';
import { recorder } from './lookup.ts';

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync('docs/schemas/policy.schema.json', 'utf8')),
);

interface Circumstances {
  /** The caller's role. */
  readonly role?: string;
  /** What happens after the policy was read and before one is written. */
  readonly meanwhile?: () => Promise<unknown>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The packaged `policy` command over tables in which `demo-api` was pushed and has CVE-2026-1. */
export function policyScene() {
  const { ask, tables } = cliOver(async (tables) => {
    await recorder(tables).tag('latest', '01:00', aDigest('a'));
    await saveSightings(tables.ledger, ['CVE-2026-1'], aRepository());
  });

  /** Runs the command with `--json`; the document is as its schema says. */
  async function policy(
    args: readonly string[],
    { role = 'ci', meanwhile = async () => undefined, environment = {} }: Circumstances = {},
  ) {
    const sts = await serve(async () => {
      await meanwhile();
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: identity(role) };
    });
    const settings = { AWS_ENDPOINT_URL_STS: sts.url, ...environment };
    const { exit, stdout, stderr } = await ask(['policy', ...args, '--json'], settings);
    await sts.close();
    if (stdout === '') return { exit, stderr, document: {} as Record<string, never> };
    const document = JSON.parse(stdout);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    return { exit, stderr, document };
  }

  return { ask, tables, policy };
}

function identity(role: string): string {
  const arn = `arn:aws:sts::111122223333:assumed-role/${role}/mary@example.com`;
  const result = `<GetCallerIdentityResult><Arn>${arn}</Arn><Account>111122223333</Account></GetCallerIdentityResult>`;
  return `<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>`;
}

/** A rule of a policy file that is right. */
export const aRule = (more: object = {}) => ({
  ...{ cve: 'CVE-2026-1', reason: 'not reachable', expires: '2999-12-31' },
  ...more,
});

/** The path of a file with this text, or with this policy; it is there until the end of the test. */
export async function fileOf(content: string | object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-response-policy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify({ version: 1, ...content }));
  return file;
}
