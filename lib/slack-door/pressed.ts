import * as v from 'valibot';
import { parseDigest } from '../image/digest.ts';
import { type Image, parseRepositoryName, parseTag } from '../image/reference.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';

// What Slack sends when somebody presses a button or sends a form: only the fields that are used.
// https://docs.slack.dev/reference/interaction-payloads

/** A person, as Slack names them. Nobody's name is a key of anything. */
export const UserId = v.pipe(v.string(), v.regex(/^[UW][A-Z0-9]{2,30}$/));
const Person = v.object({ id: UserId, name: v.optional(v.pipe(v.string(), v.maxLength(200))) });
const ChannelId = v.pipe(v.string(), v.regex(/^[CDG][A-Z0-9]{2,30}$/));
const Timestamp = v.pipe(v.string(), v.regex(/^\d{10}\.\d{6}$/));
const Reference = v.pipe(v.string(), v.check(isReference));

/** What one of our buttons says of the notice that somebody has before them. */
const Told = v.pipe(
  v.object({
    account: v.pipe(v.string(), v.regex(/^\d{12}$/)),
    region: v.pipe(v.string(), v.regex(/^[a-z0-9-]{3,30}$/)),
    name: v.pipe(v.string(), v.check(fits(parseRepositoryName))),
    digest: v.pipe(v.string(), v.check(fits(parseDigest))),
    key: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,200}$/)),
    references: v.pipe(v.array(Reference), v.minLength(1), v.maxLength(10)),
  }),
  v.transform(({ account, region, name, digest, key, references }) => {
    const image: Image = { repository: { account, region, name }, digest: parseDigest(digest) };
    return { image, key, references };
  }),
);

const Press = v.object({
  type: v.literal('block_actions'),
  user: Person,
  channel: v.object({ id: ChannelId }),
  message: v.object({
    ts: Timestamp,
    text: v.optional(v.pipe(v.string(), v.maxLength(4_000)), ''),
    blocks: v.pipe(v.array(v.looseObject({ type: v.string() })), v.maxLength(50)),
  }),
  trigger_id: v.pipe(v.string(), v.regex(/^[\w.-]{1,300}$/)),
  actions: v.pipe(
    v.array(v.object({ action_id: v.picklist(['acknowledge', 'ignore']), value: json(Told) })),
    v.length(1),
  ),
});

/** Somebody pressed one of our buttons. */
export type Press = v.InferOutput<typeof Press>;

const Place = v.object({ told: Told, channel: ChannelId, ts: Timestamp });

/** Where a form was opened from, in the form itself. */
export type Place = v.InferOutput<typeof Place>;

const chosen = v.object({ it: v.object({ selected_option: v.object({ value: v.string() }) }) });
const typed = v.object({ it: v.object({ value: v.nullish(v.string(), '') }) });

const Sent = v.object({
  type: v.literal('view_submission'),
  user: Person,
  view: v.object({
    callback_id: v.literal('ignore'),
    private_metadata: json(Place),
    state: v.object({
      values: v.object({
        cve: chosen,
        where: chosen,
        package: typed,
        reason: typed,
        expires: v.object({ it: v.object({ selected_date: v.nullish(v.string(), '') }) }),
      }),
    }),
  }),
});

/** Somebody sent the form to ignore a finding. */
export type Sent = v.InferOutput<typeof Sent>;

const Payload = v.variant('type', [Press, Sent]);

/** Reads the payload of an interaction; undefined for one that none of ours can have. */
export function readPayload(text: string): Press | Sent | undefined {
  const parsed = v.safeParse(json(Payload), text);
  return parsed.success ? parsed.output : undefined;
}

/** JSON in a text, of a form. */
function json<S extends v.GenericSchema>(schema: S) {
  return v.pipe(v.string(), v.maxLength(256 * 1024), v.parseJson(), schema);
}

function isReference(text: string): boolean {
  return text === NEWEST_PUSH || fits(parseTag)(text);
}

function fits(parser: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parser(text);
      return true;
    } catch {
      return false;
    }
  };
}
