import type { Answer } from './ask.ts';

/** The answer to a question that could not be asked. `readings` are the times that were meant. */
export function refuse(
  error: string,
  kind: 'usage' | 'ambiguous-time' | 'backend' = 'usage',
  readings?: readonly string[],
): Answer {
  return {
    status: kind === 'backend' ? 502 : 400,
    document: {
      schema: 'scan-response.refusal/v1',
      error,
      kind,
      ...(readings && { readings: readings.map((it) => it.trim()) }),
    },
    lines: [error, ...(readings ?? [])],
  };
}
