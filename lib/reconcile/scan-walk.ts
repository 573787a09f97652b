import type { ListedImage } from '../image/listed-image.ts';
import type { Verification } from '../image/verification.ts';
import { type Instant, toInstant } from '../instant.ts';
import { together } from '../together.ts';
import type { ReconcilePorts } from './ports.ts';
import { checkAgain, checkNew, type ScanCheck, watched } from './scans.ts';
import type { Tally } from './tally.ts';

/** Images whose scans are looked for at the same time; the token bucket bounds what of it reaches the registry. */
const AT_ONCE = 10;

/** The images of a repository, and what was settled before. */
interface Listing {
  readonly images: readonly ListedImage[];
  readonly listedAt: Date;
  readonly before: Verification | undefined;
  readonly endsAt: Date;
}

interface ScanWalk {
  readonly isWhole: boolean;
  readonly found: Pick<Tally, 'scans' | 'unscannable' | 'neverScanned' | 'checked'>;
  /** As far as the walk came. */
  readonly settledBefore: Instant;
}

interface Visit {
  readonly listed: ListedImage;
  readonly check: (listed: ListedImage, ports: ReconcilePorts) => Promise<ScanCheck>;
}

/** Sends a hint for every scan that is not on record, newest push first: that is what people wait for. */
export async function walkScans(listing: Listing, ports: ReconcilePorts): Promise<ScanWalk> {
  const visits = await visitsOf(listing, ports);
  const checks: ScanCheck[] = [];
  for (let start = 0; start < visits.length && ports.now() < listing.endsAt; start += AT_ONCE) {
    const chunk = visits.slice(start, start + AT_ONCE);
    const done = await together(chunk.map(({ listed, check }) => check(listed, ports)));
    await send(chunk, done, ports);
    checks.push(...done);
  }
  const count = (reason: string) => checks.filter(({ hint }) => hint?.mark.reason === reason).length;
  return {
    isWhole: checks.length === visits.length,
    found: {
      checked: checks.length,
      scans: count('scanned'),
      unscannable: count('unscannable'),
      neverScanned: count('never-scanned'),
    },
    settledBefore: settledBefore(listing, visits, checks, ports),
  };
}

async function visitsOf({ images, before }: Listing, ports: ReconcilePorts): Promise<readonly Visit[]> {
  const scannable = images.filter(({ kind, isArchived }) => kind === 'image' && !isArchived);
  const isNew = ({ pushedAt }: ListedImage) => !before?.settledBefore || pushedAt >= before.settledBefore;
  const followed = await watched(images, ports);
  const again = scannable.filter((it) => !isNew(it) && followed.has(it.image.digest));
  return [
    ...scannable
      .filter(isNew)
      .sort((a, b) => (a.pushedAt < b.pushedAt ? 1 : -1))
      .map((listed) => ({ listed, check: followed.has(listed.image.digest) ? checkFollowed : checkNew })),
    ...again.map((listed) => ({ listed, check: checkAgain })),
  ];
}

/** One image that waits keeps all that were pushed after it new: those may have been scanned again meanwhile. */
async function checkFollowed(listed: ListedImage, ports: ReconcilePorts): Promise<ScanCheck> {
  const check = await checkNew(listed, ports);
  return check.isSettled && !check.hint ? checkAgain(listed, ports) : check;
}

/** The marks after the messages: a crash between the two sends a hint twice, which changes nothing. */
async function send(
  visits: readonly Visit[],
  checks: readonly ScanCheck[],
  ports: ReconcilePorts,
): Promise<void> {
  await ports.sendScans(checks.flatMap(({ hint }) => hint?.body ?? []));
  const marks = visits.flatMap(({ listed }, index) => {
    const mark = checks[index]?.hint?.mark;
    return mark ? [{ image: listed.image, mark }] : [];
  });
  await together(marks.map(({ image, mark }) => ports.saveScanHint(image, mark)));
}

/** Nothing that is pushed later than a grace before the listing is settled: the listing may not have had it. */
function settledBefore(
  { listedAt }: Listing,
  visits: readonly Visit[],
  checks: readonly ScanCheck[],
  { patience }: ReconcilePorts,
): Instant {
  const latest = toInstant(new Date(listedAt.getTime() - patience.graceSeconds * 1000));
  const open = visits.flatMap(({ listed }, index) => (checks[index]?.isSettled ? [] : listed.pushedAt));
  return open.reduce((earliest, pushedAt) => (pushedAt < earliest ? pushedAt : earliest), latest);
}
