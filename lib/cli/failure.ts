import type { AmbiguousTime } from '../errors.ts';
import { EXIT } from './command.ts';

/** What a person can do about what AWS's clients say most often, by how the error begins. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^Error: Region is missing/, 'set AWS_REGION, or use a profile that has a region'],
  [
    /^(CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidSignature)/,
    'log in, or choose a profile that is logged in with AWS_PROFILE',
  ],
  [/^ResourceNotFoundException/, 'no such deployment here: check --stage, the region and the account'],
  [
    /^AccessDeniedException/,
    'ask for dynamodb:GetItem, BatchGetItem and Query on the two tables and their indexes',
  ],
];

/** The exit code and the words for an error: wrong usage is the caller's, everything else is the backend's. */
export function explain(error: unknown): {
  readonly exit: number;
  readonly message: string;
  readonly more?: readonly string[];
} {
  const { name, message, code } = error as Error & { readonly code?: string };
  // By name: a command that is a bundle of its own has its own copy of the classes.
  if (name === 'AmbiguousTime')
    return { exit: EXIT.ambiguous, message, more: (error as AmbiguousTime).readings };
  const isUsage = name === 'BadReference' || name === 'ConfigError' || code?.startsWith('ERR_PARSE_ARGS');
  if (isUsage) return { exit: EXIT.usage, message };
  const said = `${name}: ${message}`;
  const advice = ADVICE.find(([start]) => start.test(said))?.[1];
  return { exit: EXIT.backend, message: `AWS could not be asked: ${said}${advice ? ` (${advice})` : ''}` };
}
