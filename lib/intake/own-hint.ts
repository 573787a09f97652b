import { InvalidEvent } from '../errors.ts';
import type { Image } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { Envelope } from './envelope.ts';
import type { ScanHint } from './event.ts';
import { formatOwnEvent } from './own-event.ts';
import { OURSELVES } from './own-source.ts';
import { parseScanHint } from './scan-hint.ts';

export const OWN_HINT = 'Scan Response Hint';

/** What makes us look at an image again. */
export interface OwnHint {
  readonly image: Image;
  /** For people: keys are made of what is read. */
  readonly id: string;
  readonly at: Instant;
  readonly isRetag?: true;
}

/** An event of ours that says: look at this image again. */
export function formatOwnHint({ image, id, at, isRetag }: OwnHint): string {
  return formatOwnEvent({
    ...{ id, source: OURSELVES, type: OWN_HINT, at, repository: image.repository },
    detail: { 'image-digest': image.digest, ...(isRetag && { 'is-retag': true }) },
  });
}

/** Reads what `formatOwnHint` wrote; throws InvalidEvent, also when it comes under another source. */
export function parseOwnHint(envelope: Envelope): ScanHint {
  if (envelope.source !== OURSELVES) throw new InvalidEvent(`source: ${OWN_HINT} is for ${OURSELVES} to say`);
  const hint = parseScanHint(envelope);
  return envelope.detail['is-retag'] === true ? { ...hint, isRetag: true } : hint;
}
