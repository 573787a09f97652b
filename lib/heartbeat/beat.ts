import type { DailyCounts } from '../audit/daily-ports.ts';
import type { Heartbeat } from '../delivery/delivery.ts';
import type { Repository } from '../image/reference.ts';
import { type Instant, secondsBetween, toInstant } from '../instant.ts';
import { isFollowed, type Policy } from '../policy/policy.ts';
import { type ShownReference, shownNoMore } from '../policy/shown.ts';
import { together } from '../together.ts';

/** What saying the gauges again needs from outside. */
export interface HeartbeatPorts {
  readonly now: () => Date;
  readonly policyOf: (repository: Repository) => Promise<Pick<Policy, 'trackedTags'>>;
  /** Names the deployment in its sign of life. */
  readonly deployment: string;
  /** What is open, or was closed after an instant. */
  readonly listShown: (since: Instant) => Promise<readonly ShownReference[]>;
  /** What the last finished audit counted; undefined when there was none. */
  readonly loadAudit: () => Promise<DailyCounts | undefined>;
  /** The end of the audit whose news was handed over last. */
  readonly loadAuditTold: () => Promise<Instant | undefined>;
  readonly saveAuditTold: (finishedAt: Instant) => Promise<void>;
  readonly enqueue: (heartbeat: Heartbeat) => Promise<void>;
}

/** What a beat said, for the log. */
export interface Beat {
  readonly open: number;
  readonly closed: number;
  readonly messages: number;
}

/**
 * How long zeros are repeated after the last finding is gone. Without a zero in its window a monitor keeps its state
 * until it drops a group that was silent for a day, and a zero that came late is not in the window: so an hour more
 * than that day, and an outage of Datadog as long leaves no alert behind. For ever would cost custom metrics for each
 * reference that was ever open. https://docs.datadoghq.com/monitors/guide/troubleshooting-monitor-alerts/
 */
const REPEAT_ZEROS_SECONDS = 25 * 3600;

/** Fourteen series each, up to seven more where rules ignore findings, and one for the sign of life: a request or two. */
export const REFERENCES_PER_MESSAGE = 70;

/**
 * The audit is of every day, and takes some of them in the largest registries; what is older says nothing about now. A
 * gauge that falls silent leaves a monitor as it is.
 */
const AUDIT_HOLDS_SECONDS = 3 * 86_400;

/** A hundred bytes each on the queue: those of forty accounts. */
const COUNTS_PER_MESSAGE = 700;

/** Ten thousand references are 143 messages; a few at a time are done in a second or two. */
const AT_ONCE = 10;

/**
 * Says again what the gauges show, for everything that is open or was closed lately, and that we are alive. May run
 * twice: the same points are posted again. What an audit found otherwise is handed over once, and that written down.
 */
export async function beat(ports: HeartbeatPorts): Promise<Beat> {
  const now = ports.now();
  const beatAt = toInstant(now);
  const since = toInstant(new Date(now.getTime() - REPEAT_ZEROS_SECONDS * 1000));
  const [shown, audited] = await together([ports.listShown(since), ports.loadAudit()]);
  const references = await together(
    shown.map(async (it) => asFollowed(it, await ports.policyOf(it.repository), beatAt)),
  );
  const heartbeats = [
    ...heartbeatsOf(references, ports.deployment, beatAt),
    ...auditHeartbeats(audited, ports.deployment, beatAt),
  ];
  for (let from = 0; from < heartbeats.length; from += AT_ONCE) {
    await together(heartbeats.slice(from, from + AT_ONCE).map(ports.enqueue));
  }
  await tellNews(audited, beatAt, ports);
  const closed = references.filter(({ shown }) => shown.closedAt).length;
  return { open: references.length - closed, closed, messages: heartbeats.length };
}

/**
 * What the policy follows no more is said as zeros, or its last gauges would stay for ever: nobody scans for it.
 * Nothing is written, so a policy that takes it back has its gauges back.
 */
function asFollowed(it: ShownReference, policy: Pick<Policy, 'trackedTags'>, at: Instant): ShownReference {
  return isFollowed(it.reference, policy) ? it : { ...it, shown: shownNoMore(it.shown, at) };
}

/** As many messages as it takes; one that is empty but for the sign of life when nothing is open. */
function heartbeatsOf(
  references: readonly ShownReference[],
  deployment: string,
  beatAt: Instant,
): readonly Heartbeat[] {
  const count = Math.max(1, Math.ceil(references.length / REFERENCES_PER_MESSAGE));
  return Array.from({ length: count }, (_, index) => {
    const from = index * REFERENCES_PER_MESSAGE;
    return {
      kind: 'measurement',
      key: `beat-${beatAt}-${index + 1}-of-${count}`,
      beatAt,
      deployment,
      references: references.slice(from, from + REFERENCES_PER_MESSAGE),
    };
  });
}

/** None where nothing was audited lately. */
function auditHeartbeats(
  audited: DailyCounts | undefined,
  deployment: string,
  beatAt: Instant,
): readonly Heartbeat[] {
  if (!audited || !holds(audited, beatAt)) return [];
  const count = Math.ceil(audited.counts.length / COUNTS_PER_MESSAGE);
  return Array.from({ length: count }, (_, index) => {
    const from = index * COUNTS_PER_MESSAGE;
    return {
      kind: 'measurement',
      key: `beat-${beatAt}-audit-${index + 1}-of-${count}`,
      ...{ beatAt, deployment, references: [] },
      audit: audited.counts.slice(from, from + COUNTS_PER_MESSAGE),
    };
  });
}

/** Written down after it was handed over: a beat that dies between tells it again, and Datadog folds the two. */
async function tellNews(
  audited: DailyCounts | undefined,
  beatAt: Instant,
  { deployment, enqueue, loadAuditTold, saveAuditTold }: HeartbeatPorts,
): Promise<void> {
  if (!audited?.news || !holds(audited, beatAt)) return;
  const { finishedAt, news } = audited;
  if ((await loadAuditTold()) === finishedAt) return;
  const key = `audit-${finishedAt}`;
  await enqueue({ kind: 'measurement', key, beatAt, deployment, references: [], news });
  await saveAuditTold(finishedAt);
}

function holds({ finishedAt }: DailyCounts, at: Instant): boolean {
  return secondsBetween(finishedAt, at) <= AUDIT_HOLDS_SECONDS;
}
