import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { argv, execPath, stdout } from 'node:process';
import { text } from 'node:stream/consumers';
import { ECRClient } from '@aws-sdk/client-ecr';
import { listImages } from '../lib/registry/list.ts';
import { listSettings } from '../lib/registry/settings.ts';
import { serveRegistry } from './audit-registry.ts';

// `npm run bench:audit -- <repositories> <images of each> <calls a second that the registry lets through>`: the
// packaged command, and a bare walk that only lists every image, each a process of its own beside the registry's.

const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
const AT_ONCE = 16;
const RATE = '10000';
/** Of /proc, in a second. */
const TICKS = 100;

interface Measured {
  readonly seconds: number;
  /** Of the processor, by this process alone. */
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly calls: number;
  readonly refused: number;
  readonly said: string;
}

if (argv[2] === 'serve') await serveRegistry(Number(argv[3]), Number(argv[4]), Number(argv[5]));
else if (argv[2] === 'walk') await walk(argv[3] ?? '');
else await compare();

async function compare(): Promise<void> {
  const [repositories = 10_000, images = 100, perSecond = 800] = argv.slice(2).map(Number);
  const registry = spawn(
    execPath,
    ['bench/run.mjs', 'audit', 'serve', ...[repositories, images, perSecond].map(String)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const [line] = await once(registry.stdout, 'data');
    const url = String(line).trim();
    const bare = await measure(url, ['bench/run.mjs', 'audit', 'walk', url]);
    const command = [
      'dist/cli/scan-response.mjs',
      'audit',
      '--json',
      '--fail-on',
      'none',
      '--rate',
      RATE,
      '--progress',
    ];
    const audited = await measure(url, command);
    const { isWhole, findings, repositories: walked, images: seen } = JSON.parse(audited.said);
    stdout.write(
      [
        `${walked} repositories, ${seen} images, at most ${perSecond} calls a second are let through`,
        row('a bare walk', bare),
        row('the audit', audited),
        `  the audit to the walk  ${ratio(audited.seconds, bare.seconds)} of the time, ${ratio(audited.calls, bare.calls)} of the calls, ${ratio(audited.megabytes, bare.megabytes)} of the memory`,
        `  ${isWhole ? 'whole' : 'NOT WHOLE'}, ${findings.length} findings`,
        '',
      ].join('\n'),
    );
  } finally {
    registry.kill();
  }
}

/** Runs a program to its end, and reads how much memory it ever had from the system. */
async function measure(url: string, program: readonly string[]): Promise<Measured> {
  const before = await callsOf(url);
  const startedMs = performance.now();
  const own = {
    ...ENVIRONMENT,
    AWS_ENDPOINT_URL: url,
    HOME: tmpdir(),
  };
  const child = spawn(execPath, program, { env: own, stdio: ['ignore', 'pipe', 'inherit'] });
  let peak = { megabytes: 0, cpuSeconds: 0 };
  const watch = setInterval(() => {
    peak = useOf(child) ?? peak;
  }, 100);
  const [said, [exit]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  clearInterval(watch);
  if (exit !== 0) throw new Error(`${program.join(' ')} ended with ${exit}`);
  const after = await callsOf(url);
  const [calls, refused] = [after.calls - before.calls, after.refused - before.refused];
  return { seconds: (performance.now() - startedMs) / 1000, ...peak, calls, refused, said };
}

/** What the system says of a process: the most memory that it ever had, and its time. Undefined once it has ended. */
function useOf({ pid }: ChildProcess): Pick<Measured, 'megabytes' | 'cpuSeconds'> | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user, system] = rest.split(' ').slice(11, 13).map(Number);
    if (!kilobytes) return undefined;
    return { megabytes: Number(kilobytes) / 1024, cpuSeconds: ((user ?? 0) + (system ?? 0)) / TICKS };
  } catch {
    return undefined;
  }
}

async function callsOf(url: string): Promise<{ readonly calls: number; readonly refused: number }> {
  return (await fetch(`${url}/calls`)).json() as never;
}

/** Lists every image of every repository, and nothing else. */
async function walk(endpoint: string): Promise<void> {
  const ecr = new ECRClient({ endpoint, maxAttempts: 12, retryMode: 'adaptive' });
  const names = [];
  let token: string | undefined;
  do {
    const page = await listSettings(ecr, token);
    names.push(...page.items.map(({ repository }) => repository));
    token = page.nextToken;
  } while (token);
  const queue = names.values();
  let images = 0;
  const work = async () => {
    for (const repository of queue) images += (await listImages(ecr, repository))?.items.length ?? 0;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  stdout.write(`${images}\n`);
}

function row(name: string, { seconds, cpuSeconds, calls, refused, megabytes }: Measured): string {
  return `  ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s (${cpuSeconds.toFixed(1)} s of CPU)  ${calls} calls, ${refused} of them refused, ${Math.round(megabytes)} MB at most`;
}

function ratio(one: number, other: number): string {
  return `${(one / other).toFixed(2)}×`;
}
