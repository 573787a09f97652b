import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import { kindOf } from '../image/manifest.ts';
import type { Window } from '../image/tag-event.ts';
import {
  DigestField,
  type Envelope,
  InstantField,
  parseWith,
  RepositoryField,
  TagField,
} from './envelope.ts';
import type { ImageAction } from './event.ts';
import { RECONCILER } from './own-source.ts';

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
const Detail = v.object({
  'action-type': v.picklist(['PUSH', 'DELETE', 'UPDATE_STORAGE_CLASS']),
  result: v.literal('SUCCESS'),
  'repository-name': RepositoryField,
  'image-digest': v.optional(DigestField),
  'image-tag': TagField,
  'manifest-media-type': v.optional(v.string()),
  'artifact-media-type': v.optional(v.string()),
  'target-storage-class': v.optional(v.picklist(['ARCHIVE', 'STANDARD'])),
});

/** What only the reconciler says: when it must have happened. */
const Guess = v.object({ 'not-before': v.optional(InstantField), 'not-after': InstantField });

/** `ECR Image Action` → ImageAction; throws InvalidEvent. */
export function parseImageAction({ id, source, time, account, region, detail }: Envelope): ImageAction {
  const it = parseWith(Detail, detail, 'detail');
  const digest = it['image-digest'];
  const tag = it['image-tag'];
  if (!digest && !(tag && it['action-type'] === 'DELETE')) {
    throw new InvalidEvent('detail.image-digest is missing: without it nobody can say which image this was');
  }
  return {
    kind: 'image-action',
    action: actionOf(it),
    eventId: id,
    at: time,
    repository: { account, region, ...it['repository-name'] },
    ...(digest && { digest }),
    ...(tag && { tag }),
    imageKind: kindOf(it['manifest-media-type'], it['artifact-media-type']),
    ...(source === RECONCILER && { window: windowOf(detail) }),
  };
}

function windowOf(detail: object): Window {
  const { 'not-before': notBefore, 'not-after': notAfter } = parseWith(Guess, detail, 'detail');
  return { ...(notBefore && { notBefore }), notAfter };
}

function actionOf(detail: v.InferOutput<typeof Detail>): ImageAction['action'] {
  if (detail['action-type'] === 'PUSH') return 'push';
  if (detail['action-type'] === 'DELETE') return 'delete';
  const storageClass = detail['target-storage-class'];
  if (!storageClass) throw new InvalidEvent('detail.target-storage-class is missing: archived, or restored?');
  return storageClass === 'ARCHIVE' ? 'archive' : 'restore';
}
