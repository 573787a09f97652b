import type { Envelope } from './envelope.ts';
import type { ImageAction, ScanHint } from './event.ts';
import { parseScanHint } from './scan-hint.ts';

/** Ours, not AWS's: only `image-pushed` may put it into the queue for scans. */
export const RETAGGED = 'Image Retagged';

/** Says, in the form of an event, that an image got a tag after it was pushed. */
export function formatRetag({ eventId, at, repository, digest }: ImageAction): string {
  return JSON.stringify({
    id: eventId,
    'detail-type': RETAGGED,
    source: 'scan-response',
    account: repository.account,
    region: repository.region,
    time: at,
    detail: { 'repository-name': repository.name, 'image-digest': digest },
  });
}

/** What `formatRetag` wrote → ScanHint; throws InvalidEvent. */
export function parseRetag(envelope: Envelope): ScanHint {
  return { ...parseScanHint(envelope), isRetag: true };
}
