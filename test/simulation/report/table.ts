import type { Row } from './row.ts';

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['id', 'promise', 'number to reach', 'measured', 'pass'];
  const body = rows.map(({ id, promise, target, measured, pass }) => [
    id,
    promise,
    target,
    figures(measured),
    pass ? 'yes' : '**no**',
  ]);
  return markdown([head, ...body]);
}

/** The short table of the READMEs: what was promised and what was measured. */
export function blockOf(rows: readonly Row[]): string {
  return markdown([
    ['promise', 'measured'],
    ...rows.map(({ id, promise, measured }) => [`${id}: ${promise}`, figures(measured)]),
  ]);
}

function figures(measured: Row['measured']): string {
  return Object.entries(measured)
    .map(([name, value]) => `${value.toLocaleString('en')} ${name}`)
    .join(', ');
}

function markdown([head = [], ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const BEFORE = `# What was measured

\`npm run test:simulation\` writes this page and the table in the README: nobody types these figures. Each row is of the
largest run that was made of it; a smaller run only prints its own. The sizes of a run are:

| command                                                          | takes                                    |
| ---------------------------------------------------------------- | ---------------------------------------- |
| \`npm run test:simulation\`                                       | everything; R1 with 10 × 5,000 scans      |
| \`SCANS=100000 npm run test:simulation -- nothing-lost\`          | R1 with 10 × 100,000 scans                |
| \`SCANS=75000 npm run test:simulation -- replay\`                 | R5 with 100,000 events and more           |
| \`SEED=7 npm run test:simulation -- nothing-lost\`                | R1 with one seed, as it is printed when it fails |
| \`npm run test:simulation -- --project processes\`                | R9, R14, R19 and R20: real processes, on a machine that does nothing else |
| \`INVOCATIONS=10000 npm run test:simulation -- heap\`             | R19 with 10,000 invocations of each function: nine minutes of one core |
| \`npm run test:simulation -- ninety-days\`                        | the row news: 90 days, five minutes of one core |
| \`npm run test:simulation -- hostile\`                            | R10 with 1,000,000 messages and 200,000 scenes |
| \`npm run test:planted\`                                          | known bugs, put into the code one by one  |

The product's own code runs in virtual time over an in-memory database that passes the same conformance suite as dynalite
(\`test/conformance\`); queues, registry and sinks are played, with the faults that the rows name, from seeds. R9 and R19
run the packaged functions as processes of their own. It proves the logic, not AWS: queues and sinks behave here as their
documents say, the registry answers at once, but in R8 after 30 to 150 ms.
`;

const AFTER = `## Where a number is not the one that was asked for

- **R8** asked for at most 50 calls a second to all of AWS. 10,000 scans that are told within ten minutes leave three calls
  for each, and its queues and its ledger alone take more. The 50 hold for ECR, whose limits are the narrow ones, as long
  as images are single; a platform of an index asks ECR twice as often, and a test holds such a storm to 80.
- **R10** was to take 60 s. It took 183 s on two cores with eleven outputs, of which six were asked for; there are sixteen now.
  Every reader of a queue gets the messages too, not the one of events alone. The six by themselves (\`OUTPUTS=asked\`) take
  82 s, 134 s of CPU.
- **R19** asked for 100,000 invocations in one process. The row has 10,000 of each of the eight functions, and what their
  growth comes to for 100,000; measured with 100,000, one by one, \`image-pushed\`, \`image-deployed\` and \`deliver-sns\` grow by
  at most 0.38 MB.
`;

/** The page in docs/. */
export function pageOf(rows: readonly Row[]): string {
  return `${BEFORE}\n${tableOf(rows)}\n\n${AFTER}`;
}
