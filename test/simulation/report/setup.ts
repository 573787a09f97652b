import { writeFileSync } from 'node:fs';
import { forgetRows, readRows } from './row.ts';
import { pageOf, tableOf } from './table.ts';

/** Before the scenarios: forgets the last figures. After them: prints the table and, of a whole run, writes the page. */
export default function setup(): () => void {
  forgetRows();
  return () => {
    const rows = readRows();
    if (rows.length === 0) return;
    process.stdout.write(`\n${tableOf(rows)}\n`);
    const isWhole = !process.env.SEED && process.env.SIMULATION_PAGE === 'write';
    if (isWhole && rows.every(({ pass }) => pass)) writeFileSync('docs/reliability.md', pageOf(rows));
  };
}
