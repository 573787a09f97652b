import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import { parseDigest } from '../image/digest.ts';
import { parseRepositoryName, parseTag } from '../image/reference.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { parseInstant } from '../instant.ts';

/** A field that must satisfy one of our parsers; its error becomes the issue's message. */
function parsedBy<T>(parse: (text: string) => T) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (error) {
        addIssue({ message: (error as Error).message });
        return NEVER;
      }
    }),
  );
}

export const DigestField = parsedBy(parseDigest);
export const InstantField = parsedBy(parseInstant);

/** ECR sends an empty tag, or none, for a push by digest. */
export const TagField = v.optional(parsedBy((text) => (text === '' ? undefined : parseTag(text))));

/**
 * Bare in ECR's events, a whole ARN in Inspector's. The ARN says whose repository it is: the delegated
 * administrator of Inspector gets the events of all its members in its own account
 * (https://docs.aws.amazon.com/inspector/latest/user/findings-managing-automating-responses.html).
 */
export const RepositoryField = parsedBy((text) => {
  const [, region, account, name = text] =
    /^arn:[^:]+:ecr:([a-z0-9-]{4,32}):(\d{12}):repository\/(.+)$/.exec(text) ?? [];
  return { ...(region && { region }), ...(account && { account }), name: parseRepositoryName(name) };
});

export const AccountField = v.pipe(v.string(), v.regex(/^\d{12}$/, 'account is not 12 digits'));
export const RegionField = v.pipe(v.string(), v.regex(/^[a-z0-9-]{4,32}$/, 'region is not a region'));

/** The part of an EventBridge event that every AWS service fills. Source: EventBridge user guide, "event structure" */
export const Envelope = v.object({
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, 'id is not an event id')),
  'detail-type': v.string(),
  source: v.string(),
  account: AccountField,
  time: InstantField,
  region: RegionField,
  resources: v.optional(v.unknown()),
  detail: v.looseObject({}),
});
export type Envelope = v.InferOutput<typeof Envelope>;

/** Parses with a schema; throws InvalidEvent naming the first field that is wrong and why. */
export function parseWith<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  within?: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  // The message may quote what came.
  const path = [within, v.getDotPath(issue)].filter(Boolean).join('.') || 'event';
  throw new InvalidEvent(`${path}: ${safeText(untrusted(issue.message))}`);
}
