import { EXIT, type Output } from './command.ts';

/** One value and nothing else, for scripts; not found when there is none. */
export function single(
  schema: string,
  wanted: string,
  value: string | undefined,
  exit: Output['exit'] = EXIT.found,
): Output {
  if (value === undefined) {
    const error = `no ${wanted === 'sha' ? 'commit' : wanted} is known of it`;
    return { exit: EXIT.notFound, lines: [`not found: ${error}`], document: { schema, error } };
  }
  return { exit, lines: [value], document: { schema, [wanted]: value }, isValue: true };
}
