import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { playAlerts } from './alert.ts';
import type { Bench } from './bench.ts';
import { scanOf } from './findings.ts';
import { ACCOUNT, REGION } from './origins.ts';
import { programOf } from './programs.ts';

/** The look-up from a cold shell, over TLS, beside a Node that does nothing. */
export async function who(bench: Bench, node: string, certificateFile: string): Promise<void> {
  const { origins, builds, measure, record, rounds, say } = bench;
  const [ours] = builds;
  await playAlerts(origins, { images: 1, scan: scanOf('basic', 10) }, async (name, events) => {
    if (ours) await measure({ program: programOf(ours, name), events });
  });
  const repository = origins.registry.names().at(-1);
  const tables = origins.stack.tables.map(({ name }) => name);
  const environment = {
    ...{ AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', TZ: 'UTC' },
    SCAN_RESPONSE_LINEAGE_TABLE: tables.find((it) => it.endsWith('lineage')) ?? '',
    SCAN_RESPONSE_LEDGER_TABLE: tables.find((it) => it.endsWith('ledger')) ?? '',
    ...{ NODE_EXTRA_CA_CERTS: certificateFile, BENCH_FRONT_PORT: String(origins.front.port) },
  };
  const cli = ['--require', resolve('bench/functions/route.cjs'), 'dist/cli/scan-response.mjs'];
  const reference = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${repository}:latest`;
  const programs = {
    'node -e 0': ['-e', '0'],
    'scan-response who': [...cli, 'who', reference],
  };
  for (let round = 1; round <= rounds; round += 1) {
    say(`who, round ${round}`);
    for (const [program, args] of Object.entries(programs))
      record({
        what: 'cold shell',
        program,
        round,
        values: { wallMs: await wallMs(node, args, environment) },
      });
  }
}

/** Rejects when it fails: what finds nothing is fast. */
async function wallMs(
  node: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complaints, ended] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit').then(([code]) => ({ code, ms: performance.now() - startedMs })),
  ]);
  if (ended.code !== 0) throw new Error(`${args.join(' ')} ended with ${ended.code}: ${complaints}${said}`);
  return ended.ms;
}
