import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll } from 'vitest';
import { createRegistry, type Registry } from '../../local/ecr/registry.ts';
import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';
import { type EcrServer, startEcr } from '../../local/ecr/server.ts';
import { bundledCli, type RunCli } from '../doubles/cli.ts';

interface Scene {
  readonly registry: Registry;
  readonly ecr: () => EcrServer;
  /** Runs the packaged gate with nothing but a registry: no table, no queue, no function. An empty variable is not set. */
  readonly gate: RunCli;
  /** Pushes an image and gives it what ECR answers about it; returns its digest. */
  readonly scanned: (repository: string, answer?: ScanAnswer) => string;
}

/** A registry of its own for a test file. */
export function gateScene(): Scene {
  const registry = createRegistry({ account: '111122223333', region: 'eu-west-1' });
  const run = bundledCli();
  let ecr: EcrServer | undefined;
  beforeAll(async () => {
    ecr = await startEcr(registry);
  });
  afterAll(() => ecr?.close());
  return {
    registry,
    ecr: () => ecr as EcrServer,
    gate(args, environment) {
      const settings = {
        AWS_ENDPOINT_URL_ECR: ecr?.url ?? '',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        ...environment,
      };
      return run(
        ['gate', ...args],
        Object.fromEntries(Object.entries(settings).filter(([, it]) => it !== '')),
      );
    },
    scanned(repository, answer) {
      const { digest } = registry.push(repository, { tags: ['latest'] });
      if (answer) registry.setScan(repository, digest, answer);
      return digest;
    },
  };
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const name of ['definitions', 'gate'])
  ajv.addSchema(JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8')));

/** The document of a run with `--json`; throws when it is not as its schema says. */
export function gateDocument(stdout: string): Readonly<Record<string, unknown>> {
  const document = JSON.parse(stdout);
  const validate = ajv.getSchema('urn:scan-response:gate:v1');
  if (!validate?.(document)) throw new Error(JSON.stringify(validate?.errors));
  return document;
}
