import { createHash } from 'node:crypto';
import { ECRClient } from '@aws-sdk/client-ecr';
import { onTestFinished } from 'vitest';
import { createRegistry } from '../../../local/ecr/registry.ts';
import { startEcr } from '../../../local/ecr/server.ts';
import { loopback } from '../../doubles/loopback.ts';

export const repositoryName = 'team/demo-api';
export const pushedAt = new Date('2026-11-20T03:10:15.678Z');

/** An empty registry at `pushedAt`, its server, and AWS's own client to it; all end with the test. */
export async function startRegistry({ maxAttempts = 1 } = {}) {
  const registry = createRegistry({ account: '123456789012', region: 'eu-central-1', now: () => pushedAt });
  const server = await startEcr(registry);
  const client = new ECRClient({ ...loopback(server.url), region: 'eu-central-1', maxAttempts });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { registry, server, client };
}

export function sha256(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
