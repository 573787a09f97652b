import { ofServerError, withoutAnswer } from '../../delivery/lost-answer.ts';
import type { Outcome } from '../../delivery/sink.ts';

/** Passes by itself: the credentials are renewed, the rate falls. */
const PASSING =
  /^(Throttl|KMSThrottling|RequestThrottl|TooManyRequests|RequestLimitExceeded|ExpiredToken|RequestExpired|InternalError|InternalFailure)/;

/** What to do about errors that do not pass. Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors */
const ADVICE: Readonly<Record<string, string>> = {
  NotFoundException: 'no such topic: check the topic that the service publishes to',
  AuthorizationErrorException:
    'publishing is not allowed: check the role of the function and the policy of the topic',
  InvalidParameterException: 'SNS does not take this message',
};

/** Takes what the SNS client threw. Only the error's name is told: its text may quote what others wrote. */
export function fromPublishError(error: unknown, timeoutMs: number): Outcome {
  const { name, code, status } = readError(error);
  if (status !== undefined && status >= 400) return fromReply(name, status);
  // Nothing to sign with: nothing left this function.
  if (name === 'CredentialsProviderError') return { state: 'refused', why: `no connection to SNS: ${name}` };
  // The SDK calls a reset a TimeoutError too, but keeps its code.
  if (code === '' && (name === 'AbortError' || name === 'TimeoutError'))
    return { state: 'unknown', why: `no answer from SNS in ${timeoutMs} ms` };
  return withoutAnswer('SNS', code || name);
}

function fromReply(name: string, status: number): Outcome {
  const why = `SNS answered ${status} ${name}`;
  const broken = ofServerError(status, why);
  if (broken) return broken;
  if (status === 429 || PASSING.test(name)) return { state: 'refused', why };
  const advice = ADVICE[name];
  return { state: 'rejected', why: advice ? `${why}: ${advice}` : why };
}

interface ReadableError {
  readonly name: string;
  readonly code: string;
  readonly status: number | undefined;
}

function readError(error: unknown): ReadableError {
  const { name, code, $metadata } = (error ?? {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return { name: word(name) || 'Error', code: word(code), status: $metadata?.httpStatusCode };
}

/** Names and codes are plain words; an unmodelled error takes its name from the reply's text, so it is checked. */
function word(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z0-9_.]{1,60}$/.test(value) ? value : '';
}
