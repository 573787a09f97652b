import * as v from 'valibot';
import { isDay } from '../instant.ts';
import { SEVERITIES } from '../scan/severity.ts';
import { Digest, QuietHours } from './times.ts';

// What a policy file may say: docs/policy.md.

/** The most that one item of the ledger holds with room to spare. */
export const MAX_FILE_BYTES = 256 * 1024;

/** A raw delivery to SQS takes ten attributes, and nine are ours: https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
const MAX_SNS_ATTRIBUTES = 1;

const OUR_ATTRIBUTES = 'schema|event|severity|repository|image_tag|account|region|critical|high';

const Pattern = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9*._/@:+~-]{1,256}$/, 'takes letters, digits, . _ - / @ : + ~ and * for any characters'),
);

const RepositoryPattern = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9*._/-]{1,256}$/, 'takes the name of a repository, in which * stands for any characters'),
);

const TagPattern = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,127}$/, 'takes a tag, in which * stands for any characters'),
);

const Owner = v.pipe(
  v.string(),
  v.regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._/&+-]{0,59}$/u,
    'takes letters, digits, spaces and . _ / & + -, 60 of them at most',
  ),
);

const Channel = v.pipe(
  v.string(),
  v.regex(
    /^[CG][A-Z0-9]{8,20}$/,
    'takes the id of a channel, as C0123456789: it stands at the end of the channel’s details',
  ),
);

const AttributeName = v.pipe(
  v.string(),
  v.regex(
    new RegExp(`^(?!(?:${OUR_ATTRIBUTES})$)[A-Za-z_][A-Za-z0-9_-]{0,99}$`),
    'is no name for an attribute of yours: letters, digits, _ and -, and none of those that every message has',
  ),
);

const AttributeValue = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9 ._/:@+-]{1,256}$/, 'takes letters, digits, spaces and . _ / : @ + -'),
);

const Settings = {
  track: v.optional(
    v.pipe(
      v.array(TagPattern),
      v.minLength(1, 'takes one pattern at least'),
      v.maxLength(100, 'takes 100 patterns at most'),
    ),
  ),
  notifyAt: v.optional(v.picklist(SEVERITIES, `takes one of ${SEVERITIES.join(', ')}`)),
  onlyFixable: v.optional(v.boolean('takes true or false')),
  renotifyAfter: v.optional(
    v.pipe(
      v.string('takes a text'),
      v.regex(/^(?:[1-9]\d{0,3}[hd]|never)$/, 'takes hours or days, as 12h or 30d, or never'),
    ),
  ),
  quietHours: v.optional(QuietHours),
  digest: v.optional(Digest),
  owner: v.optional(Owner),
  slackChannel: v.optional(Channel),
  snsAttributes: v.optional(
    v.pipe(
      v.record(AttributeName, AttributeValue),
      // What JavaScript gives every object, as constructor, is no entry of a record: valibot leaves it out.
      v.minEntries(1, 'takes one attribute, as team: payments'),
      v.maxEntries(
        MAX_SNS_ATTRIBUTES,
        'takes one: a raw delivery to SQS takes ten attributes, and nine are on every message already',
      ),
    ),
  ),
};

const A_DAY = 'takes a day of the calendar, as 2027-03-31';

const IgnoreRule = v.strictObject({
  cve: v.optional(Pattern),
  package: v.optional(Pattern),
  path: v.optional(Pattern),
  repository: v.optional(RepositoryPattern),
  reason: v.pipe(
    v.string('takes a text that says why'),
    v.regex(/\S/, 'is empty: every rule says why'),
    v.maxLength(500, 'takes 500 characters at most'),
  ),
  expires: v.pipe(v.string(A_DAY), v.check(isDay, A_DAY)),
});

export const PolicyFile = v.strictObject({
  version: v.literal(1, 'takes 1: this release reads no other version'),
  ...Settings,
  repositories: v.optional(
    v.pipe(
      v.array(v.strictObject({ name: RepositoryPattern, ...Settings })),
      v.maxLength(500, 'takes 500 repositories at most'),
    ),
  ),
  ignore: v.optional(v.pipe(v.array(IgnoreRule), v.maxLength(1000, 'takes 1000 rules at most'))),
});
