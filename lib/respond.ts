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
import { LIST_INCOMPLETE, type Notice, type Subject } from './policy/notice.ts';
import { NO_SCAN, type OpenFindings } from './policy/open-findings.ts';
import type { Policy } from './policy/policy.ts';
import { isReminderDue } from './policy/reminder.ts';
import { type Baseline, baselinesOf, referencesToLoad } from './policy/tracked.ts';
import { viewOf } from './policy/view.ts';
import type { Announced } from './scan/announced.ts';
import { scanKey } from './scan/compare.ts';
import { mergeScans, platformState } from './scan/merge.ts';
import type { Reading, Scan, Unscannable } from './scan/scan.ts';

/** What the answer to a scan reads. */
export interface ReadingPorts extends SubjectPorts {
  /** What holds for a repository now. */
  readonly policyOf: (repository: Repository) => Promise<Policy>;
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
 * `waitedSeconds` is how long the hint has been waiting, `announced` what it promised. Throws NotReady when it should
 * come back later.
 */
export async function respond(
  scanned: Image,
  waitedSeconds: number,
  ports: ResponsePorts,
  announced?: Announced,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  // Before anything is read: a slow worker's older facts must not take the place of newer ones.
  const readAt = toInstant(ports.now());
  for (const reading of await findSubjects(scanned, waitedSeconds, ports, announced)) {
    const subject = toSubject(reading);
    answers.push({ subject, decision: await answer(subject, reading, readAt, ports) });
  }
  return answers;
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
    return await respond(image, waitedSeconds, ports);
  } catch (error) {
    if (error instanceof NotReady && !(await isPartlyScanned(image, ports))) return [];
    throw error;
  }
}

async function answer(
  subject: Subject,
  reading: SubjectReading,
  readAt: Instant,
  ports: ResponsePorts,
): Promise<Decision> {
  if (!['image', 'index'].includes(reading.registered.kind)) return silence('never-a-subject');
  const { repository } = subject.image;
  const policy = await ports.policyOf(repository);
  const loaded = await Promise.all(
    referencesToLoad(subject.tags, policy).map((reference) => load(repository, reference, ports)),
  );
  const baselines = baselinesOf(subject, loaded, policy);
  const scan = mergeScans(reading.readings);
  const seen = scan && viewOf(scan, policy);
  if (!scan || !seen) return answerUnscanned(subject, reading, baselines.tracked, policy, ports);

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
  // All that was found, whatever the policy makes of it.
  await ports.saveScan(subject, scanKey(scan), scan);
  if (hasOther(subject, key, baselines.tracked)) {
    const at = toInstant(ports.now());
    await ports.enqueue(measure(subject, { ...seen, reason: decision.reason }, baselines.tracked, at));
  }
  const told = { subject, record: reading.record, tracked: baselines.tracked };
  if (decision.kind === 'notice') await tell(inTime(decision, policy, readAt), told, readAt, ports);
  // After people have been told, and before the baselines: a crash here is made up for by the next try.
  await ports.indexFindings(subject, scan, readAt);
  await tellVerdict(subject, reading, baselines.tracked, ports);
  const answered = { subject, ...seen, tracked: baselines.tracked, decision, readAt };
  await Promise.all(
    saved.map((it) => ports.saveOpenFindings(repository, nextBaseline(it, answered, policy))),
  );
  return decision;
}

async function answerUnscanned(
  subject: Subject,
  reading: SubjectReading,
  tracked: readonly Baseline[],
  policy: Policy,
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

/**
 * Before the first word about something open that is written down: should this end before its baseline is written,
 * and find another scan when it is run again, then it is known that people may have to hear that all is clear.
 * Throws NotReady when another worker has answered a later look meanwhile: people are told what is so, not what was.
 */
async function tell(notice: Notice, told: Told, readAt: Instant, ports: ResponsePorts): Promise<void> {
  const { digest, repository } = notice.subject.image;
  const by = { digest, pushedAt: notice.subject.pushedAt, readAt };
  const isClear = ({ open, isTelling }: Baseline) => !isTelling && (open?.ids.length ?? 0) === 0;
  const clear = notice.reason === 'resolved' ? [] : told.tracked.filter(isClear);
  const saved = await Promise.all(clear.map(({ reference }) => ports.saveTelling(repository, reference, by)));
  if (saved.includes(false))
    throw new NotReady('a later look at it was answered meanwhile', ports.patience.retrySeconds);
  await ports.enqueue(await withBackground(notice, told, ports));
}

async function withBackground(
  notice: Notice,
  told: Told,
  { findBackground }: ResponsePorts,
): Promise<Notice> {
  const background = await findBackground(told);
  return { ...notice, ...(Object.keys(background).length > 0 && { background }) };
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
