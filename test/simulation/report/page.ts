import { readFileSync, writeFileSync } from 'node:fs';
import { inOrder, type Row } from './row.ts';
import { blockOf, pageOf } from './table.ts';

/** What was measured of each promise, at the largest size that was run. */
const MEASURED = 'test/simulation/report/measured.json';
const PAGE = 'docs/reliability.md';
const READMES = ['README.md', 'README.ja.md'];
const BLOCK = /(<!-- measured -->\n)[\s\S]*?(<!-- \/measured -->)/;

/** Takes the rows of a run that are good and not of a smaller run than what is known, and writes what shows them. */
export function publish(rows: readonly Row[]): void {
  const all = merge(JSON.parse(readFileSync(MEASURED, 'utf8')) as readonly Row[], rows);
  writeFileSync(MEASURED, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(PAGE, pageOf(all));
  for (const file of READMES) writeFileSync(file, withBlock(readFileSync(file, 'utf8'), all));
}

/** A row enters that passed and is as large as the one it replaces. */
export function merge(known: readonly Row[], rows: readonly Row[]): readonly Row[] {
  const all = new Map(known.map((row) => [row.id, row]));
  for (const row of rows) if (row.pass && row.size >= (all.get(row.id)?.size ?? 0)) all.set(row.id, row);
  return [...all.values()].sort(inOrder);
}

/** A text whose block between the two marks shows the rows; throws when it has no such block. */
export function withBlock(text: string, rows: readonly Row[]): string {
  if (!BLOCK.test(text)) throw new Error('no <!-- measured --> and <!-- /measured --> to write between');
  return text.replace(BLOCK, (_, begin: string, end: string) => `${begin}\n${blockOf(rows)}\n\n${end}`);
}
