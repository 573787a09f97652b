import { spread } from './figure.ts';
import { choiceFor, SIZES_MB, WANTED } from './memory-choice.ts';
import { LAMBDA_MIB, mostMemory, nameOf, type Scene, timesAt, workOf } from './memory-time.ts';
import { round, table } from './report.ts';
import { figureOf, type Results } from './results.ts';

/** A GB second on arm64, a million of them. https://aws.amazon.com/lambda/pricing/ */
const USD_PER_GB_SECOND = 13.3334 / 1e6;

/** Function by function: what a size costs and how long people wait, and which one is chosen. */
export function sizesTable(results: Results): string {
  const head = ['', 'holds at most', 'CPU + waits, ms', ...SIZES_MB.map((mb) => `${mb} MB`), 'chosen', 'why'];
  const rows = Object.entries(WANTED).map(([name, { scene, who, longestColdMs }]) => {
    const work = workOf(results, scene, name);
    const most = mostMemory(results, name);
    const { megabytes, why } = choiceFor(results, name);
    return [
      name,
      `${Math.round(most.mib)} + ${LAMBDA_MIB} MiB (${most.of})`,
      `cold ${round(work.initCpuMs + work.firstCpuMs)} + ${round(work.initWaitMs + work.firstWaitMs)}, warm ${round(work.warmCpuMs)} + ${round(work.warmWaitMs)}`,
      ...SIZES_MB.map((mb) => sizeCell(timesAt(work, mb), mb)),
      `**${megabytes} MB**`,
      `${why}; ${who}: ≤ ${longestColdMs} ms`,
    ];
  });
  return table(head, rows);
}

/** Cold, warm, and a million warm ones. */
function sizeCell({ coldMs, warmMs }: ReturnType<typeof timesAt>, megabytes: number): string {
  const usd = (warmMs / 1000) * (megabytes / 1024) * USD_PER_GB_SECOND * 1e6;
  return `${Math.round(coldMs)}, ${Math.round(warmMs)}, $${usd.toFixed(2)}`;
}

const CHECKED_MB = [128, 256, 1024];
const CHECKED: readonly (readonly [string, Scene])[] = Object.entries(WANTED).map(([name, { scene }]) => [
  name,
  scene,
]);

/** A clock at three shares, beside what is calculated: on a quiet machine both are about the same. Empty where none was held against it. */
export function clockTable(results: Results): string {
  const rows = CHECKED.flatMap(([name, scene]) => {
    const cells = CHECKED_MB.map((mb) => clockCell(results, name, scene, mb));
    return cells.every((it) => it === '') ? [] : [[name, ...cells]];
  });
  if (rows.length === 0) return '';
  return table(['measured, and calculated: first, warm', ...CHECKED_MB.map((mb) => `${mb} MB`)], rows);
}

function clockCell(results: Results, name: string, scene: Scene, megabytes: number): string {
  const what = nameOf.clock(scene, megabytes);
  const [first, warm] = ['firstMs', 'warmMs'].map((value) => figureOf(results, what, name, value));
  if (!first || !warm) return '';
  const work = workOf(results, scene, name);
  const share = timesAt({ ...work, initCpuMs: 0, initWaitMs: 0 }, megabytes);
  const started = timesAt({ ...work, initCpuMs: 0, initWaitMs: 0, firstCpuMs: 0, firstWaitMs: 0 }, megabytes);
  const firstMs = share.coldMs - started.coldMs;
  return `${round(spread(first).median)} (${round(firstMs)}), ${round(spread(warm).median)} (${round(share.warmMs)})`;
}
