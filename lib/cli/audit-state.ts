import type { RepositoryOutcome } from '../audit/repository.ts';
import { BadReference } from '../errors.ts';
import { type Instant, parseInstant } from '../instant.ts';

const SCHEMA = 'scan-response.audit-state/v1';

/** How far an audit is: what it asks, and what it found by repository. */
export interface AuditState {
  readonly startedAt: Instant;
  /** Of another question the findings are others. */
  readonly asked: string;
  readonly done: Map<string, RepositoryOutcome>;
}

/** The state as a file has it. */
export function formatState({ startedAt, asked, done }: AuditState): string {
  return JSON.stringify({ schema: SCHEMA, startedAt, asked, done: [...done] });
}

/** Reads such a file; throws BadReference for one that is none, or of another question. */
export function parseState(text: string, file: string, asked: string): AuditState {
  const state = parse(text);
  if (state?.schema !== SCHEMA || !Array.isArray(state.done))
    throw new BadReference(`${JSON.stringify(file)} does not say how far an audit is; name another file`);
  if (state.asked !== asked)
    throw new BadReference(
      `${JSON.stringify(file)} is of another audit: the same patterns, options, stage and registry go on with it`,
    );
  return { startedAt: parseInstant(String(state.startedAt)), asked, done: new Map(state.done) };
}

// biome-ignore lint/suspicious/noExplicitAny: a file that anybody may have written
function parse(text: string): Record<string, any> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
