import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** One promise and what a run measured of it. */
export interface Row {
  /** A number of its own, such as `R1`, or a name. */
  readonly id: string;
  /** How much was run of it, scans or whatever it counts: a smaller run never takes the place of a larger one. */
  readonly size: number;
  readonly promise: string;
  /** What the numbers have to be, in words. */
  readonly target: string;
  /** Numbers by what they count. Rows of one id are added up: a promise may be measured in several files. */
  readonly measured: Readonly<Record<string, number>>;
  readonly pass: boolean;
}

const FOLDER = 'node_modules/.cache/scan-response-simulation';

/** True in `npm run test:simulation`; `npm test` runs the same scenarios small. */
export const isFull: boolean = process.env.SIMULATION === 'full';

/** Writes down what a scenario measured, for the table at the end. Call it before you assert. */
export function record(row: Row): void {
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(join(FOLDER, `${process.pid}.jsonl`), `${JSON.stringify(row)}\n`);
}

/** Forgets what earlier runs measured. */
export function forgetRows(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** Everything that was written down since, one row for each id, in the order of the ids. */
export function readRows(): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const row of readLines()) {
    const known = rows.get(row.id);
    rows.set(row.id, known ? together(known, row) : row);
  }
  return [...rows.values()].sort(inOrder);
}

/** Numbers first, names after them. */
export function inOrder(a: Pick<Row, 'id'>, b: Pick<Row, 'id'>): number {
  const isName = ({ id }: Pick<Row, 'id'>) => Number(!/^R\d/.test(id));
  return isName(a) - isName(b) || a.id.localeCompare(b.id, 'en', { numeric: true });
}

function readLines(): readonly Row[] {
  mkdirSync(FOLDER, { recursive: true });
  return readdirSync(FOLDER).flatMap((file) =>
    readFileSync(join(FOLDER, file), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row),
  );
}

function together(one: Row, other: Row): Row {
  const measured: Record<string, number> = { ...one.measured };
  // What is named "… at most" is a maximum, everything else a sum.
  for (const [name, value] of Object.entries(other.measured)) {
    const known = measured[name] ?? 0;
    measured[name] = name.endsWith('at most') ? Math.max(known, value) : known + value;
  }
  return { ...one, size: one.size + other.size, measured, pass: one.pass && other.pass };
}
