import { type Spread, spread } from './figure.ts';
import { figureOf, type Results } from './results.ts';
import { verdictsOf } from './targets.ts';

/** What was measured beside what was wished for, as a table of Markdown. */
export function targetTable(results: Results): string {
  const rows = verdictsOf(results).map(({ what, program, target, measured, isMet }) => [
    ...[what, program, target, numbers(measured), isMet ? 'met' : '**not met**'],
  ]);
  return table(['what', 'of', 'target', 'measured: median (least–most)', ''], rows);
}

const COLUMNS: readonly (readonly [title: string, sample: string, value: string])[] = [
  ['bundle, kB', 'size', 'bytes'],
  ['zip, kB', 'size', 'zipBytes'],
  ['load, ms', 'cold', 'initMs'],
  ['first event, ms', 'cold', 'firstMs'],
  ['process, ms', 'cold', 'wallMs'],
  ['peak, MiB', 'cold', 'peakMiB'],
  ['modules of Node', 'cold', 'modules'],
  ['connections', 'cold', 'connections'],
  ['cold at 128 MB, ms', 'cold at 128 MB', 'coldMs'],
  ['at 256 MB', 'cold at 256 MB', 'coldMs'],
  ['at 1024 MB', 'cold at 1024 MB', 'coldMs'],
  ['warm CPU, ms', 'warm', 'cpuMs'],
  ['requests', 'one event', 'requests'],
  ['one behind the other', 'one event', 'rounds'],
];

/** The medians themselves, program by program: of this machine in this run, for nothing but to see where time goes. */
export function programTable(results: Results): string {
  const programs = [...new Set(results.samples.map(({ program }) => program))];
  const columns = COLUMNS.filter(([, sample]) => results.samples.some(({ what }) => what === sample));
  const rows = programs.flatMap((program) => {
    const cells = columns.map(([, sample, value]) => cellOf(results, sample, program, value));
    return cells.every((it) => it === '') ? [] : [[program, ...cells]];
  });
  return table(['', ...columns.map(([title]) => title)], rows);
}

function cellOf(results: Results, sample: string, program: string, value: string): string {
  const figure = figureOf(results, sample, program, value);
  if (!figure) return '';
  const { median } = spread(figure);
  return round(/bytes/i.test(value) ? median / 1000 : median);
}

/** Where what was measured came from. */
export function origin({ run, at, commit, node, machine, rounds }: Results): string {
  const { cpu, cores, memoryGiB, kernel, load } = machine;
  return `Run ${run}, ${at}, commit ${commit}, Node ${node}, ${rounds} rounds; ${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, load ${load} when it began.`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function numbers({ median, least, most }: Spread): string {
  const text = round(median);
  return least === most ? text : `${text} (${round(least)}–${round(most)})`;
}

/** Three digits that count. */
export function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
