import type { Digest } from '../../lib/image/digest.ts';
import type { Tag } from '../../lib/image/reference.ts';
import { isReferrerTag } from '../../lib/image/tag-form.ts';
import { type Instant, toInstant } from '../../lib/instant.ts';
import type { ImageAction } from '../../lib/intake/event.ts';
import type { LookupPorts } from '../../lib/lookup/ports.ts';
import { who } from '../../lib/lookup/who.ts';
import { loadImage } from '../../lib/store/image.ts';
import type { Table } from '../../lib/store/table.ts';
import { aRepository } from '../build/lineage.ts';
import { lookupPorts } from '../doubles/lookup.ts';
import { NOW, type Scene } from './lineage-scene.ts';

/** Where a tag stood: on an image, and since when; or nowhere. */
export type Stood = { readonly digest: Digest; readonly since: Instant } | 'deleted' | 'unknown';

/** What a look-up reads beside the history and the images. */
const QUIET = { loadLatestScan: async () => undefined };

/** What the look-up says. */
export async function askWho(table: Table, tag: Tag, at: Instant): Promise<Stood> {
  const ports: LookupPorts = {
    ...lookupPorts({ lineage: table, ledger: table }),
    now: () => NOW,
    // The memory tables have no BatchGetItem.
    loadTogether: async (images) => ({
      records: await Promise.all(images.map((it) => loadImage(table, it))),
      runs: [],
    }),
    ...QUIET,
  };
  const { account, region, name } = aRepository();
  const answer = await who({ account, region, name, tag }, at, ports);
  if (answer.found === 'one') return { digest: answer.digest, since: answer.since as Instant };
  return answer.found === 'nothing' && answer.why.includes('was deleted') ? 'deleted' : 'unknown';
}

/** What a list of all that happened, sorted by time, says. */
export function naively({ events, registered }: Scene, tag: Tag, at: Instant): Stood {
  const kinds = new Map(registered.map(({ image, kind }) => [image.digest, kind]));
  const isRecorded = ({ action, digest, imageKind }: ImageAction): boolean => {
    if (action === 'delete') return true;
    if (isReferrerTag(tag)) return false;
    const kind = imageKind ?? (digest && kinds.get(digest)) ?? 'image';
    return action === 'push' && (kind === 'image' || kind === 'index');
  };
  const ofTag = [...new Map(events.map((it) => [it.eventId, it])).values()]
    .filter((it) => it.tag === tag && isRecorded(it) && it.at <= at)
    .map((it) => ({ at: it.at, id: it.eventId, digest: it.action === 'push' ? it.digest : undefined }))
    .sort((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? -1 : 1));
  const isDeleted = (digest: Digest, since: Instant, until: Instant) =>
    events.some(
      (it) => it.action === 'delete' && !it.tag && it.digest === digest && since < it.at && it.at <= until,
    );
  const last = ofTag.at(-1);
  if (!last) return 'unknown';
  const { digest } = last;
  if (!digest || isDeleted(digest, last.at, at)) return 'deleted';
  let since = last.at;
  for (const before of ofTag.reverse().slice(1)) {
    if (before.digest !== digest || isDeleted(digest, before.at, since)) break;
    since = before.at;
  }
  return { digest, since };
}

/** Before everything, at each event, a millisecond before and after it, and between it and the next. */
export function instantsAround({ events }: Scene): readonly Instant[] {
  const times = [...new Set(events.map(({ at }) => Date.parse(at)))].sort((a, b) => a - b);
  const all = times.flatMap((ms, nth) => [ms - 1, ms, ms + 1, (ms + (times[nth + 1] ?? ms)) / 2]);
  return [0, ...all, NOW.getTime() - 1].map((ms) => toInstant(new Date(ms)));
}
