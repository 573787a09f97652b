import type { Reading } from './reading.ts';

/** What is examined, in the order in which an event meets it. */
export const AREAS = [
  'stack',
  'registry',
  'rule',
  'queue',
  'function',
  'role',
  'table',
  'sink',
  'topic',
  'alarm',
  'activity',
] as const;
export type Area = (typeof AREAS)[number];

/** The state of one aspect of one thing. `unknown`: it could not be read, which is neither good nor bad. */
export type State = 'ok' | 'warning' | 'fault' | 'unknown';

/** One check's verdict. `fix` is a command or a line of the template; absent where nothing is wrong. */
export interface Diagnosis {
  readonly area: Area;
  readonly subject: string;
  readonly aspect: string;
  readonly state: State;
  readonly says: string;
  readonly fix?: string;
}

/** Writes diagnoses of one thing. */
export interface Chart {
  ok(aspect: string, says: string, fix?: string): Diagnosis;
  warning(aspect: string, says: string, fix: string): Diagnosis;
  fault(aspect: string, says: string, fix: string): Diagnosis;
  unread(aspect: string, reading: Unread): Diagnosis;
}

/** A reading that is no answer. */
type Unread = Extract<Reading<unknown>, { readonly state: 'denied' | 'failed' }>;

/** Opens the chart of one thing. */
export function chart(area: Area, subject: string): Chart {
  const write = (state: State) => (aspect: string, says: string, fix?: string) => ({
    area,
    subject,
    aspect,
    state,
    says,
    ...(fix !== undefined && { fix }),
  });
  return {
    ok: write('ok'),
    warning: write('warning'),
    fault: write('fault'),
    unread: (aspect, reading) =>
      reading.state === 'denied'
        ? write('unknown')(
            aspect,
            `not checked: you may not ${reading.action}`,
            `Grant yourself ${reading.action}, or ask somebody who has it.`,
          )
        : write('unknown')(aspect, `not checked: ${reading.name}: ${reading.message}`),
  };
}

/** Judges an answer; where there is none, says why the aspect could not be checked. */
export function judge<T>(
  on: Chart,
  aspect: string,
  from: Reading<T>,
  verdict: { readonly absent: () => Diagnosis; readonly found: (value: T) => readonly Diagnosis[] },
): readonly Diagnosis[] {
  if (from.state === 'found') return verdict.found(from.value);
  return [from.state === 'absent' ? verdict.absent() : on.unread(aspect, from)];
}

/** Names a check for scripts, the same whatever came of it: `rule.image-scan.enabled`. */
export function idOf({ area, subject, aspect }: Diagnosis): string {
  return `${area}.${subject}.${aspect}`;
}
