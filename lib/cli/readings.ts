import type { Subject } from '../lookup/subject.ts';
import { EXIT, type Output } from './command.ts';
import { row } from './words.ts';

/** What one meaning of a text gave. */
export interface Reading {
  readonly subject: Subject;
  readonly output: Output;
  /** Whether there is such a thing at all; a repository is there, although a tag of it has to be said. */
  readonly isThere: boolean;
}

export const KINDS: readonly Subject['kind'][] = ['reference', 'digest', 'commit', 'service', 'cve'];

const NAMES: Readonly<Record<Subject['kind'], string>> = {
  reference: 'a repository',
  digest: 'a digest',
  commit: 'a commit',
  service: 'a service',
  cve: 'a vulnerability',
};

/** The one reading of which there is such a thing; where there are several, all of them and how to choose. */
export function pick(schema: string, typed: string, readings: readonly Reading[]): Output {
  const [only, ...more] = readings;
  if (only && more.length === 0) return only.output;
  const there = readings.filter(({ isThere }) => isThere);
  const [one, ...others] = there;
  if (!one) return nothing(schema, readings);
  if (others.length === 0) return withReading(one, readings);
  return {
    exit: EXIT.ambiguous,
    lines: [
      `error: ${typed} is ambiguous; it is`,
      ...there.map(
        ({ subject: { kind }, output }) =>
          `  ${NAMES[kind].padEnd(14)} (--as ${kind})  ${output.lines[0] ?? ''}`,
      ),
    ],
    document: {
      schema,
      error: 'ambiguous',
      readings: there.map(({ subject: { kind }, output }) => ({ as: kind, document: output.document })),
    },
  };
}

function nothing(schema: string, readings: readonly Reading[]): Output {
  const lines = [...new Set(readings.flatMap(({ output }) => output.lines))];
  return {
    exit: EXIT.notFound,
    lines,
    document: { schema, error: lines.map((line) => line.replace(/^not found: /, '')).join('; ') },
  };
}

/** Says as what a text was taken that could have been something else. */
function withReading({ subject: { kind }, output }: Reading, readings: readonly Reading[]): Output {
  if (output.isValue || output.exit === EXIT.ambiguous) return output;
  const others = readings.map(({ subject }) => subject.kind).filter((it) => it !== kind);
  const rest = others.map((it) => NAMES[it].replace(/^a /, 'no ')).join(', ');
  return {
    ...output,
    lines: [...output.lines, row('read as', `${NAMES[kind]}; there is ${rest} of this name`)],
  };
}
