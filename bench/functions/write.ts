import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { clockTable, sizesTable } from './memory-report.ts';
import { isOfSizes } from './memory-time.ts';
import { plot } from './plot.ts';
import { origin, programTable, targetTable } from './report.ts';
import type { Results } from './results.ts';

const PAGE = 'docs/performance.md';

/** Puts a run into the documents: the tables between their marks, the plot, and the figures that they come from. */
export function writeDocs(measured: Results): void {
  mkdirSync('bench/results', { recursive: true });
  const of = (isWanted: (sample: Results['samples'][number]) => boolean) => ({
    ...measured,
    samples: measured.samples.filter(isWanted),
  });
  const [programs, sizes] = [of((it) => !isOfSizes(it)), of(isOfSizes)];
  if (programs.samples.length > 0) {
    const kept = keep('functions', programs);
    writeFileSync('docs/performance.svg', plot(kept));
    writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), kept));
  }
  if (sizes.samples.length > 0)
    writeFileSync(PAGE, withSizes(readFileSync(PAGE, 'utf8'), keep('sizes', sizes)));
}

/** As they are kept, rounded: the tables are made of them again and compared. */
function keep(name: string, results: Results): Results {
  const text = resultsText(results);
  writeFileSync(`bench/results/${name}.json`, text);
  return JSON.parse(text);
}

/** A sample in a line, for who looks at what changed. */
function resultsText({ samples, ...rest }: Results): string {
  const lines = samples.map((sample) =>
    JSON.stringify(sample, (_, it) => (typeof it === 'number' ? rounded(it) : it)),
  );
  const head = JSON.stringify(rest, undefined, 1).slice(0, -2);
  return `${head},\n "samples": [\n  ${lines.join(',\n  ')}\n ]\n}\n`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The page with the tables of these results; throws where a mark is missing. */
export function withTables(page: string, results: Results): string {
  const lacks = results.notMeasured.map((why) => `\n\nNot measured here: ${why}.`).join('');
  const tables = {
    targets: `${targetTable(results)}\n\n${origin(results)}${lacks}`,
    programs: programTable(results),
  };
  return Object.entries(tables).reduce((text, [name, content]) => between(text, name, content), page);
}

/** The page with what each size of a function costs, and which is chosen; throws where a mark is missing. */
export function withSizes(page: string, results: Results): string {
  const lacks = results.notMeasured.map((why) => `Not measured here: ${why}.`);
  const parts = [sizesTable(results), clockTable(results), origin(results), ...lacks];
  return between(page, 'sizes', parts.filter((it) => it !== '').join('\n\n'));
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function between(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${start} … ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`;
}
