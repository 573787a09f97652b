import { writeFileSync } from 'node:fs';
import { forgetRows, readRows } from './row.ts';
import { pageOf, tableOf } from './table.ts';

/** Before the scenarios: forgets the last figures. */
export function setup(): void {
  forgetRows();
}

/** After the scenarios: prints the table and, of a whole run in which all went well, writes the page. */
export function teardown(): void {
  const rows = readRows();
  if (rows.length === 0) return;
  process.stdout.write(`\n${tableOf(rows)}\n`);
  const isWhole = !process.env.SEED && !process.argv.slice(2).some((it) => it.includes('test/'));
  if (isWhole && rows.every(({ pass }) => pass)) writeFileSync('docs/reliability.md', pageOf(rows));
}
