import * as v from 'valibot';
import { DigestField, type Envelope, parseWith, RepositoryNameField } from './envelope.ts';
import type { ScanHint } from './event.ts';

// Only what names the image: counts and tags in the event are not believed, they are read again.
const Detail = v.object({ 'repository-name': RepositoryNameField, 'image-digest': DigestField });

/** `ECR Image Scan` (basic) and `Inspector2 Scan` (enhanced) → ScanHint; throws InvalidEvent. */
export function parseScanHint({ id, time, account, region, detail }: Envelope): ScanHint {
  const it = parseWith(Detail, detail, 'detail');
  return {
    kind: 'scan-hint',
    eventId: id,
    at: time,
    image: { repository: { account, region, name: it['repository-name'] }, digest: it['image-digest'] },
  };
}
