import type { State } from '../doctor/diagnosis.ts';

const LABELS: Readonly<Record<State, string>> = {
  ok: 'ok',
  warning: 'warning',
  fault: 'FAULT',
  unknown: 'unknown',
};
const COLOURS: Readonly<Record<string, number>> = { ok: 32, warning: 33, FAULT: 31, unknown: 36 };

/** One line of a list of checks. */
export function checkLine(state: State, subject: string, says: string): string {
  return `  ${LABELS[state].padEnd(8)} ${subject.padEnd(21)} ${says}`;
}

/** What to do about it, under its line. */
export function fixLine({ fix }: { readonly fix?: string }): readonly string[] {
  return fix === undefined ? [] : [`           fix: ${fix}`];
}

/** Colours the state at the beginning of a line, for terminals. */
export function paint(text: string): string {
  return text.replace(
    /^ {2}(ok|warning|FAULT|unknown)\b/,
    (_, label) => `  \u001b[${COLOURS[label]}m${label}\u001b[0m`,
  );
}

/** How many checks are in each state. */
export function countsOf(checks: readonly { readonly state: State }[]): Readonly<Record<State, number>> {
  const count = (state: State) => checks.filter((check) => check.state === state).length;
  return { ok: count('ok'), warning: count('warning'), fault: count('fault'), unknown: count('unknown') };
}
