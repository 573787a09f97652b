import { InvalidEvent } from '../errors.ts';
import type { Image } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { Envelope } from './envelope.ts';
import type { ScanHint } from './event.ts';
import { parseScanHint } from './scan-hint.ts';

/** No rule takes this source, and the queue takes messages of our rules and roles only: nobody else can say it. */
const SOURCE = 'scan-response';
export const OWN_HINT = 'Scan Response Hint';

/** An event of ours that says: look at this image again. `id` is for people; keys are made of what is read. */
export function formatScanHint({ repository, digest }: Image, id: string, at: Instant): string {
  const { account, region, name } = repository;
  const detail = { 'repository-name': name, 'image-digest': digest };
  return JSON.stringify({ id, source: SOURCE, 'detail-type': OWN_HINT, account, time: at, region, detail });
}

/** Reads what `formatScanHint` wrote; throws InvalidEvent, also when it comes under another source. */
export function parseOwnHint(envelope: Envelope): ScanHint {
  if (envelope.source !== SOURCE) throw new InvalidEvent(`source: ${OWN_HINT} is for ${SOURCE} to say`);
  return parseScanHint(envelope);
}
