import { readFileSync, writeFileSync } from 'node:fs';
import { readResults } from '../../bench/functions/results.ts';
import { between } from '../../bench/functions/write.ts';
import {
  beforeAndAfter,
  type Counted,
  functionsTable,
  type Known,
  monthTable,
  rowsTable,
  sourceOf,
  taskLine,
  windowLine,
} from './cost-tables.ts';
import { packagedMemory, packagedStanding } from './packaged.ts';

const COUNTED = 'bench/results/cost.json';

/** What was kept: counts of this folder's last `npm run docs:cost`, times of `npm run bench -- sizes --write`. */
export function known(): Known {
  return {
    counted: JSON.parse(readFileSync(COUNTED, 'utf8')),
    measured: readResults('bench/results/sizes.json'),
    memoryOf: packagedMemory,
    standing: packagedStanding(),
  };
}

/** The pages that show them, as they should be. */
export function pagesWith(what: Known): Readonly<Record<string, string>> {
  const cost = [rowsTable, functionsTable, monthTable, taskLine, sourceOf].map((it) => it(what)).join('\n\n');
  const short = [beforeAndAfter, windowLine, sourceOf].map((it) => it(what)).join('\n\n');
  const page = (file: string, content: string) => between(readFileSync(file, 'utf8'), 'cost', content);
  return {
    'docs/deploy.md': page('docs/deploy.md', cost),
    'docs/performance.md': page('docs/performance.md', short),
  };
}

/** Keeps what was counted, and shows it. */
export function keepCounted(counted: Counted): void {
  writeFileSync(COUNTED, `${JSON.stringify(counted, undefined, 1)}\n`);
  for (const [file, text] of Object.entries(pagesWith(known()))) writeFileSync(file, text);
}
