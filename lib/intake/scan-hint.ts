import * as v from 'valibot';
import { isTag, type Tag } from '../image/reference.ts';
import type { Announced } from '../scan/announced.ts';
import { SEVERITIES } from '../scan/severity.ts';
import { DigestField, type Envelope, parseWith, RepositoryField } from './envelope.ts';
import type { ScanHint } from './event.ts';
import { NEVER_SCANNED, RECONCILER } from './own-source.ts';

// Only what names the image, what is promised, and what to read early: no count and no tag of the event is ever shown, they
// are read again.
const Detail = v.object({
  'repository-name': RepositoryField,
  'image-digest': DigestField,
  'finding-severity-counts': v.optional(v.unknown()),
  'scan-status': v.optional(v.string()),
  'image-tags': v.optional(v.unknown()),
});

/** `ECR Image Scan` (basic), `Inspector2 Scan` (enhanced) and our own hint → ScanHint; throws InvalidEvent. */
export function parseScanHint({ id, source, time, account, region, detail }: Envelope): ScanHint {
  const it = parseWith(Detail, detail, 'detail');
  const counts = countsIn(it['finding-severity-counts']);
  const tags = tagsIn(it['image-tags']);
  return {
    kind: 'scan-hint',
    eventId: id,
    at: time,
    image: { repository: { account, region, ...it['repository-name'] }, digest: it['image-digest'] },
    ...(counts && { announced: { at: time, counts } }),
    ...(tags.length > 0 && { tags }),
    ...(source === RECONCILER && it['scan-status'] === NEVER_SCANNED && { isOverdue: true }),
  };
}

/** More than an image has as a rule: whatever an event lists is read early, at half a unit each. */
const MOST_TAGS = 10;

function tagsIn(value: unknown): readonly Tag[] {
  return Array.isArray(value) ? value.filter(isTag).slice(0, MOST_TAGS) : [];
}

/** What is no count promises nothing: a hint without a promise is still a hint. */
function countsIn(value: unknown): Announced['counts'] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const counts = value as Readonly<Record<string, unknown>>;
  const promised = SEVERITIES.filter((it) => Object.hasOwn(counts, it) && isCount(counts[it]));
  if (promised.length === 0) return undefined;
  return Object.fromEntries(promised.map((it) => [it, counts[it]]));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
