import type { Digest } from '../image/digest.ts';
import type { ListedImage } from '../image/listed-image.ts';
import type { Image } from '../image/reference.ts';
import { isReferrerTag } from '../image/tag-form.ts';
import { type Instant, toInstant } from '../instant.ts';
import { NEWEST_PUSH, trackedReferences } from '../policy/policy.ts';
import type { ScanHintMark } from '../scan/hint-mark.ts';
import type { ScanFact } from '../scan/scan.ts';
import { together } from '../together.ts';
import { scanHint } from './hint.ts';
import { newestOf } from './newest.ts';
import type { ReconcilePorts } from './ports.ts';

/** What is known of an image's scan, by those who have to act on it. */
export interface ScanCheck {
  /** False while something may still come of it. */
  readonly isSettled: boolean;
  /** Absent when there is nothing to send. */
  readonly hint?: { readonly mark: ScanHintMark; readonly body: string };
}

const SETTLED: ScanCheck = { isSettled: true };
const OPEN: ScanCheck = { isSettled: false };

/** A hint is not repeated for an hour, and only once more: then its queue has had its say. */
const HINT_HOLDS_SECONDS = 3600;
const MOST_TIMES = 2;

/** Where nobody wants to hear of images that were never scanned, they are waited for a day. */
const LONGEST_WAIT_SECONDS = 86_400;

/** Looks whether an image that was pushed not long ago has its scan on record; asks the registry only if not. */
export async function checkNew(listed: ListedImage, ports: ReconcilePorts): Promise<ScanCheck> {
  const { image, pushedAt } = listed;
  if (isWithin(ports.patience.graceSeconds, pushedAt, ports)) return OPEN;
  if (await isRecorded(image, ports)) return SETTLED;
  const mark = await ports.loadScanHint(image);
  const known = mark && whileHinted(mark, ports);
  if (known) return known;
  await ports.pace();
  const peek = await ports.peekScan(image);
  if (peek.state === 'gone') return SETTLED;
  if (peek.state === 'unscannable') return { isSettled: true, hint: toHint(image, 'unscannable', ports) };
  if (peek.state === 'pending') return whilePending(listed, ports);
  return whenScanned(image, peek.completedAt, mark, ports);
}

/** What a hint that was sent before settles; undefined when it is time to look again. */
function whileHinted({ reason, at, times }: ScanHintMark, ports: ReconcilePorts): ScanCheck | undefined {
  if (reason !== 'scanned') return SETTLED;
  if (isWithin(HINT_HOLDS_SECONDS, at, ports)) return OPEN;
  return times >= MOST_TIMES ? SETTLED : undefined;
}

function whilePending({ image, pushedAt }: ListedImage, ports: ReconcilePorts): ScanCheck {
  const { overdueSeconds } = ports.patience;
  if (isWithin(overdueSeconds || LONGEST_WAIT_SECONDS, pushedAt, ports)) return OPEN;
  return overdueSeconds === 0 ? SETTLED : { isSettled: true, hint: toHint(image, 'never-scanned', ports) };
}

function whenScanned(
  image: Image,
  completedAt: Instant | undefined,
  before: ScanHintMark | undefined,
  ports: ReconcilePorts,
): ScanCheck {
  if (completedAt && isWithin(ports.patience.graceSeconds, completedAt, ports)) return OPEN;
  return { isSettled: false, hint: toHint(image, 'scanned', ports, { before, completedAt }) };
}

/** Looks whether an image that people follow was scanned again after the scan on record. */
export async function checkAgain({ image }: ListedImage, ports: ReconcilePorts): Promise<ScanCheck> {
  await ports.pace();
  const { state, completedAt } = await ports.peekScan(image);
  if (state !== 'scanned' || !completedAt) return SETTLED;
  if (isWithin(ports.patience.graceSeconds, completedAt, ports)) return SETTLED;
  // Nearly always the end of it: three questions fewer for each image that people follow, every quarter of an hour.
  const own = await ports.loadLatestScan(image);
  if (own?.completedAt && completedAt <= own.completedAt) return SETTLED;
  const [facts, mark] = await together([recordedScans(image, ports), ports.loadScanHint(image)]);
  const latest = [...facts.map((it) => it.completedAt), mark?.completedAt]
    .filter((it) => it !== undefined)
    .sort()
    .at(-1);
  // Without any scan on record it was given up, or is still on its way: checkNew has had it.
  if (!latest || completedAt <= latest) return SETTLED;
  return { isSettled: true, hint: toHint(image, 'scanned', ports, { completedAt }) };
}

/** The digests that people follow in a repository: behind tracked tags, or else the newest push; of an index its platforms. */
export async function watched(
  images: readonly ListedImage[],
  ports: ReconcilePorts,
): Promise<ReadonlySet<Digest>> {
  const subjects = images.filter(
    ({ kind, tags }) => (kind === 'image' || kind === 'index') && tags.some((tag) => !isReferrerTag(tag)),
  );
  const policy = subjects[0] && (await ports.policyOf(subjects[0].image.repository));
  const tracked = subjects.filter(
    ({ tags }) => policy && !trackedReferences(tags, policy).includes(NEWEST_PUSH),
  );
  const newest = newestOf(subjects);
  const followed = new Set([...tracked, ...(newest ? [newest] : [])]);
  const digests = await together(
    [...followed].map(async ({ image, kind }) => {
      if (kind === 'image') return [image.digest];
      return ((await ports.loadImage(image))?.platforms ?? []).map(({ digest }) => digest);
    }),
  );
  return new Set(digests.flat());
}

async function isRecorded(image: Image, ports: ReconcilePorts): Promise<boolean> {
  return (await recordedScans(image, ports)).some(({ platforms }) =>
    platforms.some(({ digest, state }) => digest === image.digest && state === 'scanned'),
  );
}

/** The newest scan of the image itself, and of each index that lists it. */
async function recordedScans(image: Image, ports: ReconcilePorts): Promise<readonly ScanFact[]> {
  const parents = await ports.findParents(image);
  const subjects = [image, ...parents.map((digest) => ({ repository: image.repository, digest }))];
  const facts = await together(subjects.map(ports.loadLatestScan));
  return facts.filter((it) => it !== undefined);
}

function toHint(
  image: Image,
  reason: ScanHintMark['reason'],
  ports: ReconcilePorts,
  of: { readonly before?: ScanHintMark | undefined; readonly completedAt?: Instant | undefined } = {},
) {
  const at = toInstant(ports.now());
  const { before, completedAt } = of;
  const mark = { reason, at, times: (before?.times ?? 0) + 1, ...(completedAt && { completedAt }) };
  return { mark, body: scanHint(image, completedAt ?? at, reason === 'never-scanned') };
}

function isWithin(seconds: number, at: Instant, { now }: ReconcilePorts): boolean {
  return Date.parse(at) > now().getTime() - seconds * 1000;
}
