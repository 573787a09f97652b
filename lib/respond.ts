import type { Delivery } from './delivery/delivery.ts';
import { measure } from './delivery/measure.ts';
import { NotReady } from './errors.ts';
import type { Told } from './find-background.ts';
import { findSubjects, isPartlyScanned, type SubjectPorts, type SubjectReading } from './find-subjects.ts';
import type { AnsweredImage } from './gate/image-verdict.ts';
import { provenanceOf } from './image/provenance.ts';
import type { Image, Repository } from './image/reference.ts';
import { type Instant, toInstant } from './instant.ts';
import type { Background } from './policy/background.ts';
import { type Decision, decide, decideUnscannable, silence } from './policy/decide.ts';
import { nextBaseline } from './policy/next-baseline.ts';
import { inTime } from './policy/not-before.ts';
import { LIST_INCOMPLETE, type Subject } from './policy/notice.ts';
import { NO_SCAN, type OpenFindings, type UnscannedLook } from './policy/open-findings.ts';
import type { Policy } from './policy/policy.ts';
import { isReminderDue } from './policy/reminder.ts';
import { type Baseline, type Baselines, baselinesOf, referencesToLoad } from './policy/tracked.ts';
import { viewOf } from './policy/view.ts';
import { readAhead } from './read-ahead.ts';
import type { Said } from './scan/announced.ts';
import { scanKey } from './scan/compare.ts';
import { mergeScans, platformState } from './scan/merge.ts';
import type { Reading, Scan, Unscannable } from './scan/scan.ts';
import { tell, withBackground } from './tell.ts';
import { together } from './together.ts';

/** What the answer to a scan reads. */
export interface ReadingPorts extends SubjectPorts {
  /** What holds for a repository now. */
  readonly policyOf: (repository: Pick<Repository, 'name'>) => Promise<Policy>;
  readonly loadOpenFindings: (repository: Repository, reference: string) => Promise<OpenFindings | undefined>;
  /** What a notice says around what it tells; never throws. */
  readonly findBackground: (told: Told) => Promise<Background>;
  /** Whether somebody said that these ids are known; asked when a reminder is due, absent where nobody can. */
  readonly isAcknowledged?: (
    repository: Repository,
    tracked: readonly Baseline[],
    ids: readonly string[],
  ) => Promise<boolean>;
}

/** What the answer to a scan needs from outside. */
export interface ResponsePorts extends ReadingPorts {
  readonly saveScan: (subject: Subject, key: string, scan: Scan) => Promise<void>;
  /** Remembers that people are about to hear of open findings of a reference; false: a later look was answered. */
  readonly saveTelling: (
    repository: Repository,
    reference: string,
    by: Pick<OpenFindings, 'digest' | 'pushedAt' | 'readAt'>,
  ) => Promise<boolean>;
  readonly saveOpenFindings: (repository: Repository, open: OpenFindings) => Promise<void>;
  /** Remembers beside the baseline of a reference that its image could not be scanned. */
  readonly saveUnscanned: (repository: Repository, reference: string, look: UnscannedLook) => Promise<void>;
  /** Lets the image be found by what was found in it. */
  readonly indexFindings: (subject: Subject, scan: Scan, readAt: Instant) => Promise<void>;
  readonly enqueue: (delivery: Delivery) => Promise<void>;
  /** Tells pipelines whether the image may be deployed; absent where nobody asked for that. */
  readonly tellVerdict?: (answered: AnsweredImage) => Promise<void>;
}

/** What was decided about one subject, for the log. */
export interface Answer {
  readonly subject: Subject;
  readonly decision: Decision;
}

/**
 * Answers the hint that an image may have been scanned: reads everything, decides purely, writes everything.
 * Safe to run again from any point: the baselines are written last, and every delivery has a key.
 * `waitedSeconds` is how long the hint has been waiting, `said` what it says. Throws NotReady when it should
 * come back later.
 */
export async function respond(
  scanned: Image,
  waitedSeconds: number,
  ports: ResponsePorts,
  said: Said = {},
): Promise<readonly Answer[]> {
  return answerAll({ image: scanned, ...said, isScanned: true }, waitedSeconds, ports);
}

/**
 * The same for an image that got a tag: AWS scans an image once, and says nothing when a tag moves to it later.
 * Empty when no scan of it can be read yet: that has a hint of its own to come. Throws NotReady when a part of it can.
 */
export async function respondToRetag(
  image: Image,
  ports: ResponsePorts,
  waitedSeconds = 0,
): Promise<readonly Answer[]> {
  try {
    return await answerAll({ image, isScanned: false }, waitedSeconds, ports);
  } catch (error) {
    if (error instanceof NotReady && !(await isPartlyScanned(image, ports))) return [];
    throw error;
  }
}

interface Hint extends Said {
  readonly image: Image;
  /** Not when it only got a tag: then it may be an index, which has no scan of its own. */
  readonly isScanned: boolean;
}

async function answerAll(
  { image, announced, tags = [], isScanned }: Hint,
  waitedSeconds: number,
  ports: ResponsePorts,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  // Before anything is read: a slow worker's older facts must not take the place of newer ones.
  const readAt = toInstant(ports.now());
  const ahead = isScanned ? readAhead(image, tags, ports) : { ports, done: undefined };
  const [policy, readings] = await together([
    ports.policyOf(image.repository),
    findSubjects(image, waitedSeconds, ahead.ports, announced),
    ahead.done,
  ]);
  for (const reading of readings) {
    const subject = toSubject(reading);
    answers.push({ subject, decision: await answer(subject, reading, policy, readAt, ahead.ports) });
  }
  return answers;
}

async function answer(
  subject: Subject,
  reading: SubjectReading,
  policy: Policy,
  readAt: Instant,
  ports: ResponsePorts,
): Promise<Decision> {
  if (!['image', 'index'].includes(reading.registered.kind)) return silence('never-a-subject');
  const { repository } = subject.image;
  const loaded = await together(
    referencesToLoad(subject.tags, policy).map((reference) => load(repository, reference, ports)),
  );
  const baselines = baselinesOf(subject, loaded, policy);
  const scan = mergeScans(reading.readings);
  const seen = scan && viewOf(scan, policy);
  if (!scan || !seen) return answerUnscanned(subject, reading, { ...baselines, policy, readAt }, ports);

  const { scanKey: key, ids } = seen;
  const saved = loaded.filter(({ reference }) => baselines.toSave.includes(reference));
  const isDue =
    isReminderDue(baselines.tracked, policy, readAt) &&
    !(await ports.isAcknowledged?.(repository, baselines.tracked, ids));
  if (isAnswered(subject, key, saved) && !(isDue && ids.length > 0)) {
    // What was answered before there was an index gets into it when it is looked at again.
    await ports.indexFindings(subject, scan, readAt);
    return silence('already-answered');
  }
  const decision = decide(subject, scan, baselines.tracked, policy, isDue);
  const told = { subject, record: reading.record, tracked: baselines.tracked };
  const [at, measured] = [toInstant(ports.now()), { ...seen, reason: decision.reason }];
  await together([
    // All that was found, whatever the policy makes of it.
    ports.saveScan(subject, scanKey(scan), scan),
    hasOther(subject, key, baselines.tracked) &&
      ports.enqueue(measure(subject, measured, baselines.tracked, at)),
    decision.kind === 'notice' && tell(inTime(decision, policy, readAt), told, readAt, ports),
  ]);
  await tellVerdict(subject, reading, baselines.tracked, ports);
  const answered = { subject, ...seen, tracked: baselines.tracked, decision, readAt };
  await together([
    // After people have been told. A next try makes up for a crash here, whether the baselines are written or not.
    ports.indexFindings(subject, scan, readAt),
    ...saved.map((it) => ports.saveOpenFindings(repository, nextBaseline(it, answered, policy))),
  ]);
  return decision;
}

async function answerUnscanned(
  subject: Subject,
  reading: SubjectReading,
  {
    tracked,
    policy,
    readAt,
  }: Pick<Baselines, 'tracked'> & { readonly policy: Policy; readonly readAt: Instant },
  ports: ResponsePorts,
): Promise<Decision> {
  const { readings } = reading;
  const failed = readings
    .map(({ reading }) => reading)
    .map(failureOf)
    .find((it) => it !== undefined);
  if (!failed) return silence('gone');
  if (tracked.length === 0) {
    await tellVerdict(subject, reading, tracked, ports);
    return silence('untracked');
  }
  const notice = decideUnscannable(
    subject,
    failed,
    readings.map(platformState),
    tracked.map(({ reference }) => reference),
    policy.route,
  );
  const told = { subject, record: reading.record, tracked };
  await ports.enqueue(await withBackground(inTime(notice, policy, toInstant(ports.now())), told, ports));
  await tellVerdict(subject, reading, tracked, ports);
  const { image, pushedAt } = subject;
  const look = { digest: image.digest, pushedAt, readAt, status: failed.status };
  await together(notice.references.map((it) => ports.saveUnscanned(image.repository, it, look)));
  return notice;
}

/** After people have been told, and before the baselines: a bus that fails delays no alert, and is tried again. */
async function tellVerdict(
  subject: Subject,
  { registered: { kind }, readings }: SubjectReading,
  tracked: readonly Baseline[],
  ports: ResponsePorts,
): Promise<void> {
  const references = tracked.map(({ reference }) => reference);
  await ports.tellVerdict?.({ ...subject, kind, references, readings });
}

/** Why there is nothing to tell of a reading; undefined when there is, or when the image is gone. */
function failureOf(reading: Reading): Pick<Unscannable, 'status' | 'description'> | undefined {
  if (reading.state === 'unscannable' || reading.state === 'pending') return reading;
  return reading.state === 'scanned' && reading.short ? { status: LIST_INCOMPLETE } : undefined;
}

async function load(repository: Repository, reference: string, ports: ResponsePorts): Promise<Baseline> {
  const known = await ports.loadOpenFindings(repository, reference);
  const isTelling = known?.isTelling ?? false;
  return { reference, isTelling, open: known?.scanKey === NO_SCAN ? undefined : known };
}

/** Everything about this reading has been written and queued before. */
function isAnswered(subject: Subject, key: string, saved: readonly Baseline[]): boolean {
  return saved.length > 0 && !hasOther(subject, key, saved);
}

/** One of the references shows something else so far, or somebody began to tell of something else. */
function hasOther({ image }: Subject, key: string, baselines: readonly Baseline[]): boolean {
  return baselines.some(
    ({ open, isTelling }) => isTelling || open?.scanKey !== key || open.digest !== image.digest,
  );
}

/** The commit by all that is known of the image, tags of now and its documents; what others built has none of ours. */
function toSubject({ registered: { image, tags, pushedAt }, record }: SubjectReading): Subject {
  const provenance = record?.isUpstream ? undefined : provenanceOf(tags, record?.evidence);
  return { image, tags, pushedAt, ...(provenance && { provenance }) };
}
