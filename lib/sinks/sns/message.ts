import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import type { Evidence } from '../../image/evidence.ts';
import { safeText, type Untrusted } from '../../image/untrusted.ts';
import type { Links, Runs } from '../../policy/background.ts';
import type { Notice, NoticeReason, ScanSummary, ShownFinding } from '../../policy/notice.ts';
import type { PlatformState } from '../../scan/scan.ts';
import { SEVERITIES } from '../../scan/severity.ts';
import { plainName } from '../around.ts';
import { consoleUrl, headline, referenceName, statusWord } from '../words.ts';

/** What Publish takes besides the topic. */
export interface SnsMessage {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Record<string, MessageAttributeValue>;
}

const SCHEMA = 'scan-response.notice/v1';

/** Bounds of the lists: 256 KiB hold body and attributes even when every character takes its longest form. */
const MAX = { tags: 100, references: 100, conflicts: 20, platforms: 50, packages: 10, ids: 50 } as const;

/**
 * Renders a notice as JSON by `docs/notice.schema.json`, with a subject for mail (printable ASCII, at most 99
 * characters) and nine attributes to filter by, and one more when the policy says so (a raw delivery to SQS takes ten).
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function snsMessage(notice: Notice, options: { readonly possibleRepeat: boolean }): SnsMessage {
  return {
    Subject: headline(notice, 99),
    Message: toJson(body(notice, options.possibleRepeat)),
    MessageAttributes: attributes(notice),
  };
}

/** Says what a notice is called outside. `opened`: nothing of it was open before; `changed`: some; `reminder`: all. */
export function eventOf(reason: NoticeReason, found: ScanSummary | undefined): string {
  if (reason === 'reminder-due') return 'reminder';
  if (reason === 'resolved' || reason === 'not-scanned') return reason;
  return (found?.stillOpenCount ?? 0) > 0 ? 'changed' : 'opened';
}

function body(notice: Notice, possibleRepeat: boolean) {
  const { subject, reason, found, unscannable, references, platforms } = notice;
  const { repository, digest } = subject.image;
  const { best, conflicts = [] } = subject.provenance ?? {};
  return {
    schema: SCHEMA,
    id: noticeId(notice),
    event: eventOf(reason, found),
    reason,
    repository: repository.name,
    account: repository.account,
    region: repository.region,
    digest,
    tags: subject.tags.slice(0, MAX.tags),
    references: references.slice(0, MAX.references).map(referenceName),
    owner: notice.route?.owner ?? null,
    ...foundFields(found),
    notScanned: unscannable
      ? { status: statusWord(unscannable.status), description: optional(unscannable.description, 300) }
      : null,
    commit: best ? commitField(best) : null,
    conflicts: conflicts.slice(0, MAX.conflicts).map(commitField),
    platforms: platforms.slice(0, MAX.platforms).map(platformField),
    listIncomplete: notice.listIncomplete ?? false,
    pushedAt: subject.pushedAt,
    consoleUrl: consoleUrl(subject.image),
    ...backgroundFields(notice),
    possibleRepeat,
  };
}

/** What stands around the findings; null where nobody could say. */
function backgroundFields({ reason, background = {} }: Notice) {
  const { before, links, open, pushed, runs, isPartial = false } = background;
  return {
    openSince: open?.since ?? null,
    timeToRemediateSeconds: reason === 'resolved' && open ? Math.floor(open.seconds) : null,
    before: before ? { digest: before.digest, commit: before.commit ?? null } : null,
    pushedBy: pushed ? { at: pushed.at, actor: safeText(pushed.by, 128) } : null,
    runs: runs ? runsField(runs) : null,
    ...linkFields(links),
    backgroundIncomplete: isPartial,
  };
}

function runsField({ workloads, more, isCut }: Runs) {
  const named = workloads.map((it) => ({ ...it, cluster: plainName(it.cluster), name: plainName(it.name) }));
  return { workloads: named, more, isCut: isCut ?? false };
}

function linkFields({ commit, compare, datadog, runbook }: Links = {}) {
  const orNull = (url?: string) => url ?? null;
  return {
    commitUrl: orNull(commit),
    compareUrl: orNull(compare),
    datadogUrl: orNull(datadog),
    runbookUrl: orNull(runbook),
  };
}

/** The tag that says so, or null where another source than a tag does. */
function commitField({ commit, tier, source }: Evidence) {
  return { sha: commit, tier, tag: source.from === 'tag' ? source.tag : null };
}

/** Null, never zero, where nothing was read. */
function foundFields(found: ScanSummary | undefined) {
  return {
    counts: found?.counts ?? null,
    fixable: found?.fixable ?? null,
    ...changeFields(found),
    findings: (found?.shown ?? []).map(findingField),
    otherNewIds: (found?.otherNewIds ?? []).slice(0, MAX.ids).map((id) => safeText(id, 60)),
    scanType: found?.scanType ?? null,
    scannedAt: found?.completedAt ?? null,
  };
}

function changeFields(found: ScanSummary | undefined) {
  return {
    newCount: found?.newCount ?? null,
    stillOpenCount: found?.stillOpenCount ?? null,
    closedCount: found?.closedCount ?? null,
    ignoredCount: found ? (found.ignoredCount ?? 0) : null,
  };
}

function findingField({ id, severity, isNew, packages, score, fix, exploitKnown, platforms }: ShownFinding) {
  return {
    id: safeText(id, 60),
    severity,
    isNew,
    packages: packages.slice(0, MAX.packages).map(({ name, version, fixedIn }) => ({
      name: safeText(name, 100),
      version: safeText(version, 60),
      fixedIn: optional(fixedIn, 60),
    })),
    score: score ?? null,
    fix: fix ?? null,
    exploitKnown: exploitKnown ?? null,
    platforms: platforms.slice(0, MAX.platforms),
  };
}

function platformField({ digest, platform, state, status }: PlatformState) {
  return {
    digest,
    platform: platform ?? null,
    state,
    status: status === undefined ? null : statusWord(status),
  };
}

/** To filter by. What was not scanned has no counts and the severity UNKNOWN: "anything but NONE" lets it pass. */
export function attributes({
  reason,
  subject,
  references,
  found,
  route,
}: Notice): Record<string, MessageAttributeValue> {
  const { name, account, region } = subject.image.repository;
  const [first] = references;
  const own = Object.entries(route?.snsAttributes ?? {}).map(([key, value]) => [key, text(value)]);
  return {
    ...Object.fromEntries(own),
    schema: text(SCHEMA),
    event: text(eventOf(reason, found)),
    severity: text(severityOf(found)),
    repository: text(name),
    ...(first !== undefined && { image_tag: text(referenceName(first)) }),
    account: text(account),
    region: text(region),
    ...(found && { critical: number(found.counts.CRITICAL), high: number(found.counts.HIGH) }),
  };
}

/** The worst that was found; what was not scanned is neither clean nor bad. */
export function severityOf(found: ScanSummary | undefined): string {
  return found ? (SEVERITIES.find((it) => found.counts[it] > 0) ?? 'NONE') : 'UNKNOWN';
}

/** The same image and key give the same id, on every try and in every container: the consumer folds repeats by it. */
export function noticeId({ key, subject: { image } }: Notice): string {
  const { account, region, name } = image.repository;
  return createHash('sha256')
    .update(JSON.stringify([account, region, name, image.digest, key]))
    .digest('hex');
}

function optional(words: Untrusted | undefined, maxCharacters: number): string | null {
  return words === undefined ? null : safeText(words, maxCharacters);
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}

function number(value: number): MessageAttributeValue {
  return { DataType: 'Number', StringValue: String(value) };
}

/**
 * U+FFFE and U+FFFF are the only characters left that SQS refuses: raw in the text, one of them would keep the
 * message from its queues. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\ufffe\uffff]/g, (it) => `\\u${it.charCodeAt(0).toString(16)}`);
}
