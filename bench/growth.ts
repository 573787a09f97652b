import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env, execPath, stderr, stdout } from 'node:process';
import { packageService } from '../local/package.ts';
import {
  COSTS,
  type Curve,
  exponentsOf,
  type Field,
  isSuperLinear,
  overBatch,
  overFindings,
  overRepositories,
  overTags,
} from './functions/growth.ts';
import { startMeasuring } from './functions/measure.ts';
import { startOrigins } from './functions/origins.ts';
import { buildOf } from './functions/programs.ts';
import { round, table } from './functions/report.ts';
import { describeRun } from './functions/results.ts';
import { between } from './functions/write.ts';

// What one call of a function costs as findings, tags, repositories and messages grow, each curve with its exponent:
// `npm run bench:growth -- [--write]`. `MOST=1000` stops at a thousand of each (default 10000 findings, 1000 of others).

const most = Number(env.MOST || 10_000);
const node = env.BENCH_NODE || execPath;
const packaged = await packageService({ root: process.cwd(), reuse: true });

async function measured(of: (field: Field) => Promise<readonly Curve[]>): Promise<readonly Curve[]> {
  const origins = await startOrigins(packaged.template, { countsUnits: true });
  const { measure, close } = await startMeasuring(origins, node);
  const say = (progress: string) => void stderr.write(`${progress}\n`);
  try {
    return await of({ origins, measure, build: buildOf(origins, packaged.bundles), say });
  } finally {
    await close();
    await origins.close();
  }
}

const described = describeRun(node, 1);
const few = Math.min(1000, most);
const curves = [
  ...(await measured(async (field) => [
    await overFindings(field, 'basic', most),
    await overFindings(field, 'enhanced', most),
    ...(await overBatch(field, [1, 3, 10])),
    await overTags(field, few),
  ])),
  // In a registry of their own.
  ...(await measured(async (field) => [await overRepositories(field, few)])),
];
await packaged.dispose();

const rows = curves.flatMap((curve) =>
  COSTS.flatMap((cost) => {
    const values = curve.points.map(({ values }) => values[cost]);
    if (values.every((it) => it === 0)) return [];
    const [whole, last] = exponentsOf(curve, cost);
    const flag = isSuperLinear(curve, cost) ? '**super-linear**' : '';
    const sizes = curve.points.map(({ n }, nth) => `${n}: ${round(values[nth] ?? 0)}`).join(', ');
    return [[curve.program, curve.over, cost, sizes, whole.toFixed(2), last.toFixed(2), flag]];
  }),
);
const head = ['function', 'over', 'cost', 'measured', 'exponent', 'of the last step', ''];
const text = `${table(head, rows)}\n\nRun ${described.run}, ${described.at}, commit ${described.commit}, Node ${described.node}.`;
stdout.write(`${text}\n`);
mkdirSync('.bench', { recursive: true });
writeFileSync(join('.bench', `growth-${described.run}.json`), JSON.stringify({ ...described, curves }));
if (argv.includes('--write')) {
  const page = 'docs/performance.md';
  writeFileSync(page, between(readFileSync(page, 'utf8'), 'growth', text));
}
