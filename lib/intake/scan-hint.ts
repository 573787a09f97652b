import * as v from 'valibot';
import { DigestField, type Envelope, parseWith, RepositoryField } from './envelope.ts';
import type { ScanHint } from './event.ts';
import { NEVER_SCANNED, RECONCILER } from './own-source.ts';

// Only what names the image: counts and tags in the event are not believed, they are read again.
const Detail = v.object({
  'repository-name': RepositoryField,
  'image-digest': DigestField,
  'scan-status': v.optional(v.string()),
});

/** `ECR Image Scan` (basic) and `Inspector2 Scan` (enhanced) → ScanHint; throws InvalidEvent. */
export function parseScanHint({ id, source, time, account, region, detail }: Envelope): ScanHint {
  const it = parseWith(Detail, detail, 'detail');
  return {
    kind: 'scan-hint',
    eventId: id,
    at: time,
    image: { repository: { account, region, ...it['repository-name'] }, digest: it['image-digest'] },
    ...(source === RECONCILER && it['scan-status'] === NEVER_SCANNED && { isOverdue: true }),
  };
}
