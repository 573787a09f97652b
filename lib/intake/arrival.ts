import * as v from 'valibot';
import {
  AccountField,
  DigestField,
  type Envelope,
  parseWith,
  RegionField,
  RepositoryField,
  TagField,
} from './envelope.ts';
import type { ImageAction } from './event.ts';

// Images that come into a repository without anybody pushing them there. Neither event has media types.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html

const Arrived = {
  'repository-name': RepositoryField,
  'image-digest': DigestField,
  'image-tag': TagField,
};
const Replicated = v.object({
  ...Arrived,
  'action-type': v.literal('REPLICATE'),
  result: v.literal('SUCCESS'),
  'source-account': AccountField,
  'source-region': RegionField,
});
const Cached = v.object({ ...Arrived, 'sync-status': v.literal('SUCCESS') });

/** `ECR Replication Action`: a push in the destination, with where it came from; throws InvalidEvent. */
export function parseReplication(envelope: Envelope): ImageAction {
  const it = parseWith(Replicated, envelope.detail, 'detail');
  return {
    ...arrival(envelope, it),
    origin: { account: it['source-account'], region: it['source-region'] },
  };
}

/** `ECR Pull Through Cache Action`: a push of what others built; throws InvalidEvent. */
export function parsePullThrough(envelope: Envelope): ImageAction {
  return { ...arrival(envelope, parseWith(Cached, envelope.detail, 'detail')), isUpstream: true };
}

function arrival(
  { id, time, account, region }: Envelope,
  it: Pick<v.InferOutput<typeof Replicated>, keyof typeof Arrived>,
): ImageAction {
  const tag = it['image-tag'];
  return {
    kind: 'image-action',
    action: 'push',
    eventId: id,
    at: time,
    repository: { account, region, ...it['repository-name'] },
    digest: it['image-digest'],
    ...(tag && { tag }),
  };
}
