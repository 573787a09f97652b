import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import type { Image } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { DigestField, type Envelope, parseWith, RepositoryField } from './envelope.ts';
import type { DocumentsHint } from './event.ts';
import { formatOwnEvent } from './own-event.ts';
import { OURSELVES } from './own-source.ts';

export const DOCUMENTS_HINT = 'Scan Response Documents Hint';

const Detail = v.object({
  'repository-name': RepositoryField,
  'image-digest': DigestField,
  'is-again': v.optional(v.boolean()),
});

/** What makes us read the documents of an image. */
export interface ImageToRead {
  readonly image: Image;
  /** For people. */
  readonly id: string;
  readonly at: Instant;
  /** They have been read before: what is pushed after an image may be there by now. */
  readonly isAgain?: true;
}

/** An event of ours that says: read the documents of this image. */
export function formatDocumentsHint({ image, id, at, isAgain }: ImageToRead): string {
  return formatOwnEvent({
    ...{ id, source: OURSELVES, type: DOCUMENTS_HINT, at, repository: image.repository },
    detail: { 'image-digest': image.digest, ...(isAgain && { 'is-again': true }) },
  });
}

/** Reads what `formatDocumentsHint` wrote; throws InvalidEvent, also when it comes under another source. */
export function parseDocumentsHint({ id, source, time, account, region, detail }: Envelope): DocumentsHint {
  if (source !== OURSELVES) throw new InvalidEvent(`source: ${DOCUMENTS_HINT} is for ${OURSELVES} to say`);
  const it = parseWith(Detail, detail, 'detail');
  return {
    kind: 'documents-hint',
    eventId: id,
    at: time,
    image: { repository: { account, region, ...it['repository-name'] }, digest: it['image-digest'] },
    ...(it['is-again'] && { isAgain: true }),
  };
}
