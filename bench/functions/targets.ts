import { ratio, type Spread, spread } from './figure.ts';
import { ALERT_PATH, FLOOR, OBVIOUS } from './programs.ts';
import { figureOf, type Results } from './results.ts';

/** One row of what was wished for, and what is so. */
export interface Verdict {
  readonly what: string;
  readonly program: string;
  readonly target: string;
  readonly measured: Spread;
  /** What the number is: `× floor`, `MiB`. */
  readonly unit: string;
  readonly isMet: boolean;
}

/** What is measured, of which program, as what, beside what it is looked at, and the most it may be. */
interface Target {
  readonly what: string;
  readonly sample: string;
  readonly value: string;
  readonly most: number;
  /** The other program, or the other sample of the same one; without either the number stands by itself. */
  readonly beside?: { readonly program: string } | { readonly sample: string };
  readonly unit: string;
  readonly of: readonly string[];
  readonly divideBy?: number;
}

const BUT_DATADOG = ALERT_PATH.filter((it) => it !== 'deliver-datadog');
const toFloor = { beside: { program: FLOOR }, unit: '× floor', of: ALERT_PATH };
const toObvious = { beside: { program: OBVIOUS }, unit: '× obvious build', of: ALERT_PATH };
const SCAN = ['scan-completed'];

const TARGETS: readonly Target[] = [
  { what: 'cold: load and first event, TLS', sample: 'cold', value: 'coldMs', most: 4, ...toFloor },
  { what: 'cold: load and first event, TLS', sample: 'cold', value: 'coldMs', most: 1 / 8, ...toObvious },
  {
    what: 'cold at the CPU share of 256 MB',
    sample: 'cold at 256 MB',
    value: 'coldMs',
    most: 1.6,
    ...toFloor,
  },
  {
    what: 'cold at the CPU share of 256 MB',
    sample: 'cold at 256 MB',
    value: 'coldMs',
    most: 1 / 8,
    ...toObvious,
  },
  { what: 'whole process', sample: 'cold', value: 'wallMs', most: 3, ...toFloor },
  { what: 'peak memory, cold', sample: 'cold', value: 'peakMiB', most: 1.4, ...toFloor },
  {
    ...{ what: 'peak memory, 10,000 enhanced findings', sample: '10000 enhanced at 0 ms', value: 'peakMiB' },
    ...{ most: 120, unit: 'MiB', of: SCAN },
  },
  { what: 'bundle', sample: 'size', value: 'bytes', most: 300, divideBy: 1000, unit: 'kB', of: BUT_DATADOG },
  { what: 'zip', sample: 'size', value: 'zipBytes', most: 90, divideBy: 1000, unit: 'kB', of: BUT_DATADOG },
  {
    ...{ what: 'bundle', sample: 'size', value: 'bytes', most: 420, divideBy: 1000 },
    ...{ unit: 'kB', of: ['deliver-datadog'] },
  },
  {
    ...{ what: 'zip', sample: 'size', value: 'zipBytes', most: 130, divideBy: 1000 },
    ...{ unit: 'kB', of: ['deliver-datadog'] },
  },
  { what: 'CPU of a warm event', sample: 'warm', value: 'cpuMs', most: 0.7, ...toObvious },
  {
    ...{ what: 'warm event at 20 ms', sample: 'warm at 20 ms', value: 'roundTrips' },
    ...{ most: 3.5, unit: 'round trips', of: ALERT_PATH },
  },
  {
    ...{ what: '10,000 findings: requests to ECR', sample: '10000 basic at 20 ms', value: 'ecrRequests' },
    ...{ most: 12, unit: 'requests', of: SCAN },
  },
  {
    ...{ what: '10,000 findings at 20 ms, which the obvious build asks for by the hundred' },
    ...{ sample: '10000 basic at 20 ms', value: 'eventMs', most: 1 / 5, ...toObvious, of: SCAN },
  },
  {
    ...{ what: 'a message in a batch of ten, at 20 ms', sample: 'batch of 10', value: 'messageMs' },
    ...{ most: 1 / 8, beside: { sample: 'batch of 1' }, unit: '× one at a time', of: ALERT_PATH },
  },
  {
    ...{ what: 'who from a cold shell', sample: 'cold shell', value: 'wallMs', most: 4 },
    ...{ beside: { program: 'node -e 0' }, unit: '× node -e 0', of: ['scan-response who'] },
  },
];

/** What was measured, row by row; a row for which there are no figures is left out. */
export function verdictsOf(results: Results): readonly Verdict[] {
  return TARGETS.flatMap((target) =>
    target.of.flatMap((program) => {
      const measured = measuredOf(results, target, program);
      if (!measured) return [];
      const { what, unit, most } = target;
      const isMet = measured.median <= most;
      return [{ what, program, target: `≤ ${wordsFor(most)} ${unit}`, measured, unit, isMet }];
    }),
  );
}

function measuredOf(results: Results, target: Target, program: string): Spread | undefined {
  const { sample, value, beside, divideBy = 1 } = target;
  const figure = figureOf(results, sample, program, value);
  if (!figure) return undefined;
  if (!beside) return scaled(spread(figure), divideBy);
  const other = figureOf(
    results,
    'sample' in beside ? beside.sample : sample,
    'program' in beside ? beside.program : program,
    value,
  );
  return other && ratio(figure, other);
}

function scaled({ median, least, most }: Spread, by: number): Spread {
  return { median: median / by, least: least / by, most: most / by };
}

function wordsFor(most: number): string {
  return most < 1 && Number.isInteger(1 / most) ? `1/${1 / most}` : String(most);
}
