import type { Delivery, Measurement } from './delivery/delivery.ts';
import { findSubjects, type SubjectPorts, type SubjectReading } from './find-subjects.ts';
import { provenanceOf } from './image/provenance.ts';
import type { RegisteredImage } from './image/record.ts';
import type { Image, Repository } from './image/reference.ts';
import { type Instant, toInstant } from './instant.ts';
import { type Decision, decide, decideUnscannable, openIds, silence } from './policy/decide.ts';
import type { Subject } from './policy/notice.ts';
import type { OpenFindings } from './policy/open-findings.ts';
import type { Policy } from './policy/policy.ts';
import { type Shown, shownAfter, shownNoMore } from './policy/shown.ts';
import { type Baseline, baselinesOf, referencesToLoad } from './policy/tracked.ts';
import { scanKey } from './scan/compare.ts';
import { mergeScans, platformState } from './scan/merge.ts';
import { isComplete, type Scan } from './scan/scan.ts';

/** What the answer to a scan needs from outside. */
export interface ResponsePorts extends SubjectPorts {
  readonly policy: Policy;
  readonly loadOpenFindings: (repository: Repository, reference: string) => Promise<OpenFindings | undefined>;
  readonly saveScan: (subject: Subject, key: string, scan: Scan) => Promise<void>;
  readonly saveOpenFindings: (repository: Repository, open: OpenFindings) => Promise<void>;
  readonly enqueue: (delivery: Delivery) => Promise<void>;
}

/** What was decided about one subject, for the log. */
export interface Answer {
  readonly subject: Subject;
  readonly decision: Decision;
}

/**
 * Answers the hint that an image may have been scanned: reads everything, decides purely, writes everything.
 * Safe to run again from any point: the baselines are written last, and every delivery has a key.
 * `waitedSeconds` is how long the hint has been waiting. Throws NotReady when it should come back later.
 */
export async function respond(
  scanned: Image,
  waitedSeconds: number,
  ports: ResponsePorts,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const reading of await findSubjects(scanned, waitedSeconds, ports)) {
    const subject = toSubject(reading.registered);
    answers.push({ subject, decision: await answer(subject, reading, ports) });
  }
  return answers;
}

async function answer(subject: Subject, reading: SubjectReading, ports: ResponsePorts): Promise<Decision> {
  if (!['image', 'index'].includes(reading.registered.kind)) return silence('never-a-subject');
  const { repository } = subject.image;
  const loaded = await Promise.all(
    referencesToLoad(subject.tags, ports.policy).map(async (reference) => ({
      reference,
      open: await ports.loadOpenFindings(repository, reference),
    })),
  );
  const baselines = baselinesOf(subject, loaded, ports.policy);
  const scan = mergeScans(reading.readings);
  const ids = scan ? openIds(scan, ports.policy.notifyAt) : [];
  // A platform that was not scanned may hold anything: nothing found so far is not "clean", nor "resolved".
  if (!scan || (ids.length === 0 && !isComplete(scan)))
    return answerUnscanned(subject, reading, baselines.tracked, ports);

  const key = scanKey(scan);
  const saved = loaded.filter(({ reference }) => baselines.toSave.includes(reference));
  if (isAnswered(subject, key, saved)) return silence('already-answered');
  const decision = decide(subject, scan, baselines.tracked, ports.policy);
  await ports.saveScan(subject, key, scan);
  if (baselines.tracked.length > 0) await ports.enqueue(measure(subject, key, scan, baselines.tracked));
  if (decision.kind === 'notice') await ports.enqueue(decision);
  const { digest } = subject.image;
  const readAt = toInstant(ports.now());
  const open = { digest, pushedAt: subject.pushedAt, scanKey: key, ids, readAt };
  await Promise.all(
    saved.map((baseline) => {
      const shown = showing(baseline, scan, baselines.tracked, ports.policy, readAt);
      const { reference } = baseline;
      return ports.saveOpenFindings(repository, { reference, ...open, ...(shown && { shown }) });
    }),
  );
  return decision;
}

async function answerUnscanned(
  subject: Subject,
  { readings }: SubjectReading,
  tracked: readonly Baseline[],
  ports: ResponsePorts,
): Promise<Decision> {
  const failed = readings
    .map(({ reading }) => reading)
    .find((it) => it.state === 'unscannable' || it.state === 'pending');
  if (!failed || !('status' in failed)) return silence('gone');
  if (tracked.length === 0) return silence('untracked');
  const notice = decideUnscannable(
    subject,
    failed,
    readings.map(platformState),
    tracked.map(({ reference }) => reference),
  );
  await ports.enqueue(notice);
  return notice;
}

/** Everything about this reading has been written and queued before. */
function isAnswered(subject: Subject, key: string, saved: readonly Baseline[]): boolean {
  const { digest } = subject.image;
  return saved.length > 0 && saved.every(({ open }) => open?.scanKey === key && open.digest === digest);
}

/** What the gauges of a reference show from now on. */
function showing(
  { reference, open }: Baseline,
  scan: Scan,
  tracked: readonly Baseline[],
  { notifyAt }: Policy,
  at: Instant,
): Shown | undefined {
  const before = open?.shown;
  if (tracked.some((it) => it.reference === reference)) return shownAfter(scan, before, { notifyAt, at });
  return before && shownNoMore(before, at);
}

function measure({ image }: Subject, key: string, scan: Scan, tracked: readonly Baseline[]): Measurement {
  const references = tracked.map(({ reference }) => reference);
  const { counts, fixable } = scan;
  return {
    kind: 'measurement',
    key: [`scan-${key}`, ...references].join('#'),
    image,
    scanType: scan.type,
    gauges: references.map((reference) => ({ reference, counts, ...(fixable && { fixable }) })),
  };
}

function toSubject({ image, tags, pushedAt }: RegisteredImage): Subject {
  const provenance = provenanceOf(tags);
  return { image, tags, pushedAt, ...(provenance && { provenance }) };
}
