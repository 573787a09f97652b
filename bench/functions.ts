import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { packageService } from '../local/package.ts';
import type { Bench } from './functions/bench.ts';
import { cold, shares } from './functions/cold.ts';
import { depth } from './functions/depth.ts';
import { startMeasuring } from './functions/measure.ts';
import { memory } from './functions/memory.ts';
import { clockTable, sizesTable } from './functions/memory-report.ts';
import { isOfSizes } from './functions/memory-time.ts';
import { startOrigins } from './functions/origins.ts';
import { buildOf, floorProgram, obviousProgram } from './functions/programs.ts';
import { origin, programTable, targetTable } from './functions/report.ts';
import { describeRun, type Results, readResults, type Sample } from './functions/results.ts';
import { sizes } from './functions/size.ts';
import { batches, findings, warm } from './functions/warm.ts';
import { who } from './functions/who.ts';
import { writeDocs } from './functions/write.ts';

const USAGE = `npm run bench -- [part …] [options]

  What each function on the alert path costs, beside one HTTPS POST (the floor) and what a team would write first
  (bench/obvious), interleaved in one run. Without a part: all of them.

  parts:      size cold share warm batch findings depth who sizes
  sizes       which memory each function needs, what it costs and how long people wait: not with --beside
  --beside NAME=FOLDER  the bundles of another build (a copy of its dist/functions), in the same run
  --write               docs/performance.md, docs/performance.svg and bench/results/functions.json from this run
  --from FILE           no measuring: the tables of a run that was kept; with --write, the documents
  --help

  ROUNDS=3 for a short run (default 11), BENCH_NODE=<node> for another Node.
  Each run is kept in .bench/. Figures of two runs are never compared: use --beside.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    beside: { type: 'string', multiple: true, default: [] },
    from: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** `before=../before/dist/functions`. */
const BESIDE = /^([^=]+)=(.+)$/;

// `sizes` walks through all that is in the registry: before the others have filled it.
const PARTS = ['size', 'sizes', 'depth', 'cold', 'share', 'warm', 'batch', 'findings', 'who'] as const;
type Part = (typeof PARTS)[number];

if (values.help) stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const unknown = positionals.filter((it) => !PARTS.some((part) => part === it));
  if (unknown.length > 0) return refuse(`no such part: ${unknown.join(', ')}. There are ${PARTS.join(', ')}`);
  if (values.from.length > 1)
    return refuse(
      'two runs say nothing about each other: the machine differs more between them than what is looked for. Measure both builds in one run: --beside before=<folder>',
    );
  const lost = values.beside.filter((it) => !existsSync(BESIDE.exec(it)?.[2] ?? ''));
  if (lost.length > 0)
    return refuse(
      `--beside ${lost.join(', ')}: give it as name=folder, where the folder has the bundles of functions`,
    );
  const [kept] = values.from;
  const results = kept ? readResults(kept) : await run();
  if (results.samples.some(isOfSizes)) stdout.write(`${sizesTable(results)}\n\n${clockTable(results)}\n\n`);
  stdout.write(`${programTable(results)}\n\n${targetTable(results)}\n\n${origin(results)}\n`);
  for (const why of results.notMeasured) stdout.write(`NOT MEASURED HERE: ${why}\n`);
  if (values.write) writeDocs(results);
}

async function run(): Promise<Results> {
  const node = env.BENCH_NODE || execPath;
  const rounds = Math.max(1, Number(env.ROUNDS || 11));
  const described = describeRun(node, rounds);
  const samples: Sample[] = [];
  const notMeasured: string[] = [];
  const packaged = await packageService({ root: process.cwd(), reuse: true });
  const origins = await startOrigins(packaged.template);
  const measuring = await startMeasuring(origins, node);
  try {
    const bench: Bench = {
      ...{ origins, measure: measuring.measure, rounds },
      ...{ floor: floorProgram(), obvious: await obviousProgram(origins) },
      builds: [buildOf(origins, packaged.bundles), ...values.beside.map(besideOf)],
      record: (sample) => void samples.push(sample),
      cannot: (why) => void notMeasured.push(why),
      say: (progress) => void stderr.write(`${progress}\n`),
    };
    for (const part of PARTS)
      if (positionals.length === 0 || positionals.includes(part)) await runPart(part, bench);
    function besideOf(text: string) {
      const [, label = '', folder = ''] = BESIDE.exec(text) ?? [];
      return buildOf(origins, packaged.bundles, { label, folder });
    }
  } finally {
    await measuring.close();
    await origins.close();
    await packaged.dispose();
  }
  const results = { ...described, notMeasured, samples };
  mkdirSync('.bench', { recursive: true });
  const file = join('.bench', `${described.run}.json`);
  writeFileSync(file, JSON.stringify(results));
  stderr.write(`kept in ${file}\n`);
  return results;

  async function runPart(part: Part, bench: Bench): Promise<void> {
    const act = {
      ...{ size: sizes, depth, cold, share: shares, warm, batch: batches, findings },
      who: () => who(bench, node, measuring.trusted),
      sizes: memory,
    };
    await act[part](bench);
  }
}

function refuse(why: string): void {
  stderr.write(`${why}\n`);
  process.exitCode = 2;
}
