import type { Row } from './row.ts';

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['id', 'promise', 'number to reach', 'measured', 'pass'];
  const body = rows.map(({ id, promise, target, measured, pass }) => [
    id,
    promise,
    target,
    Object.entries(measured)
      .map(([name, value]) => `${value.toLocaleString('en')} ${name}`)
      .join(', '),
    pass ? 'yes' : '**no**',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const BEFORE = `# What was measured

\`npm run test:simulation\` writes this page: the figures are of its last run, nobody types them. The product's own code
runs in virtual time over an in-memory database that passes the same conformance suite as dynalite
(\`test/conformance\`); queues, registry and sinks are played, with the faults that the table names, from seeds. A seed
that fails is printed; \`SEED=<seed> npm run test:simulation\` runs it alone. \`npm run test:planted\` puts known bugs into
the code, one at a time, and expects each of them to be found.

It proves the logic, not AWS: queues and sinks behave here as their documents say.
`;

/** The page in docs/. */
export function pageOf(rows: readonly Row[]): string {
  return `${BEFORE}\n${tableOf(rows)}\n`;
}
