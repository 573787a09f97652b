import { InvalidEvent } from '../errors.ts';
import type { Image } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { Envelope } from './envelope.ts';
import type { ScanHint } from './event.ts';
import { parseScanHint } from './scan-hint.ts';

/** No rule takes this source, and the queue takes messages of our rules and roles only: nobody else can say it. */
const SOURCE = 'scan-response';
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
  const { account, region, name } = image.repository;
  const detail = {
    'repository-name': name,
    'image-digest': image.digest,
    ...(isRetag && { 'is-retag': true }),
  };
  return JSON.stringify({ id, source: SOURCE, 'detail-type': OWN_HINT, account, time: at, region, detail });
}

/** Reads what `formatOwnHint` wrote; throws InvalidEvent, also when it comes under another source. */
export function parseOwnHint(envelope: Envelope): ScanHint {
  if (envelope.source !== SOURCE) throw new InvalidEvent(`source: ${OWN_HINT} is for ${SOURCE} to say`);
  const hint = parseScanHint(envelope);
  return envelope.detail['is-retag'] === true ? { ...hint, isRetag: true } : hint;
}
