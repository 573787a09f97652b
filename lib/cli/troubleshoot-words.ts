import type { State } from '../doctor/diagnosis.ts';
import type { Finding } from '../troubleshoot/finding.ts';
import { CAUSES, causeOf } from '../troubleshoot/table.ts';
import { checkLine, fixLine } from './doctor-words.ts';

/** What the text of an error was recognised as; nothing where none was given. */
export function textLines(recognised: readonly string[] | undefined): readonly string[] {
  if (!recognised) return [];
  const known = `none of the ${CAUSES.length} causes in docs/troubleshooting.md is known by this text`;
  return [`  the text  ${recognised.length > 0 ? `may mean ${recognised.join(', ')}` : known}`];
}

/** Every finding, with its fix; with where it is described for what is wrong. */
export function findingLines(found: readonly Finding[]): readonly string[] {
  return found.flatMap((finding) => {
    const { state, cause, says } = finding;
    const isWrong = state === 'fault' || state === 'warning';
    return [
      checkLine(state, cause, state === 'unknown' ? `not checked: ${says}` : says),
      ...fixLine(finding),
      ...(isWrong ? [`           see: ${causeOf(cause).source}`] : []),
    ];
  });
}

/** The last line: what to do first. */
export function verdictLine(found: readonly Finding[], counts: Readonly<Record<State, number>>): string {
  const first = found.find(({ state }) => state === 'fault');
  const all = `${counts.fault} faults, ${counts.warning} warnings, ${counts.unknown} not checked, ${counts.ok} ok`;
  if (first) return `first cause: ${first.cause}; ${all}`;
  return counts.unknown > 0 ? `no fault in what could be checked; ${all}` : `no fault; ${all}`;
}
