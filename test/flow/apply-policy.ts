import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { serve } from '../../local/http.ts';
import { askCli } from './ecs.ts';
import type { Flow } from './stack.ts';

/** Applies a policy file as a role, with the packaged CLI; returns what it printed. */
export async function applyPolicy(flow: Flow, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-response-policy-'));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, text);
  const arn = 'arn:aws:sts::111122223333:assumed-role/ci/someone';
  const xml = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
  const sts = await serve(async () => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: xml }));
  try {
    const { exit, out, error } = await askCli(flow, ['policy', 'apply', file], {
      AWS_ENDPOINT_URL_STS: sts.url,
    });
    expect({ exit, error }).toEqual({ exit: 0, error: '' });
    return out;
  } finally {
    await sts.close();
    await rm(folder, { recursive: true });
  }
}
