import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import { kindOf } from '../image/manifest.ts';
import type { Window } from '../image/tag-event.ts';
import { untrusted } from '../image/untrusted.ts';
import {
  DigestField,
  type Envelope,
  InstantField,
  parseWith,
  RepositoryField,
  TagField,
} from './envelope.ts';
import type { ImageAction } from './event.ts';
import { BACKFILL, RECONCILER } from './own-source.ts';

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

/** What only a backfill says: who did it. */
const Witness = v.object({ actor: v.optional(v.pipe(v.string(), v.maxLength(200))) });

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
    ...kindIn(it),
    ...(source === RECONCILER && { window: windowOf(detail) }),
    ...(source === BACKFILL && { source: 'backfill', ...actorIn(detail) }),
  };
}

function kindIn(detail: v.InferOutput<typeof Detail>): Pick<ImageAction, 'imageKind'> {
  const mediaTypes = [detail['manifest-media-type'], detail['artifact-media-type']] as const;
  return mediaTypes.some(Boolean) ? { imageKind: kindOf(...mediaTypes) } : {};
}

function actorIn(detail: object): Pick<ImageAction, 'actor'> {
  const { actor } = parseWith(Witness, detail, 'detail');
  return actor ? { actor: untrusted(actor) } : {};
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
