import { shortDigest } from '../image/digest.ts';
import type { Evidence } from '../image/evidence.ts';
import { HOW, sourceWords } from '../image/evidence-words.ts';
import type { Provenance } from '../image/provenance.ts';
import type { Image } from '../image/reference.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import { LIST_INCOMPLETE, type Notice, type ScanSummary } from '../policy/notice.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import type { PlatformState } from '../scan/scan.ts';
import { atLeast, countWords, SEVERITIES, type SeverityCounts, total } from '../scan/severity.ts';

/** AWS's ten scan statuses (ScanStatus in the ECR API), and ours for a scan that is missing, never came, says nothing, or too little. */
const KNOWN_STATUSES: ReadonlySet<string> = new Set([
  ...['ACTIVE', 'COMPLETE', 'FAILED', 'FINDINGS_UNAVAILABLE', 'IMAGE_ARCHIVED', 'IN_PROGRESS'],
  ...['LIMIT_EXCEEDED', 'PENDING', 'SCAN_ELIGIBILITY_EXPIRED', 'UNSUPPORTED_IMAGE'],
  ...['NOT_FOUND', 'NEVER_SCANNED', 'UNKNOWN', LIST_INCOMPLETE],
]);

/** More severities than this do not fit into a headline; the counts line has them all. */
const MAX_NAMED = 2;

/**
 * One line of printable ASCII that says what and where: fixed words, the repository, a reference and numbers;
 * nothing of it is written by others without a grammar. A name that is too long loses its middle, since people
 * know an image by the end of its name. `maxCharacters` of 99 (SNS subject) or more always fits.
 */
export function headline(notice: Notice, maxCharacters = 150): string {
  const [before, after] = sentence(notice);
  const room = Math.max(maxCharacters - before.length - after.length, 8);
  return `${before}${cutMiddle(subjectName(notice), room)}${after}`.slice(0, maxCharacters);
}

/** All severities that are not zero, worst first; "not scanned" when there was nothing to count. */
export function countsLine(counts: SeverityCounts | undefined): string {
  if (counts === undefined) return 'not scanned';
  return countWords(counts).join(', ') || 'no findings';
}

/** What an update would remove, and how many rules of the policy leave out. */
export function fixLine(found: ScanSummary): string {
  const { ignoredCount = 0 } = found;
  return `${fixWords(found)}${ignoredCount > 0 ? `; ${ignoredCount} ignored` : ''}`;
}

/** Basic scanning does not say what has a fix: that is not the same as none. */
function fixWords({ scanType, fixable, counts }: ScanSummary): string {
  if (fixable === undefined) return `fixes: ${scanType} scanning does not say`;
  if (total(fixable) > 0) return `a fix exists for ${countWords(fixable).join(', ')}`;
  return total(counts) > 0 ? 'no fix known yet' : 'nothing to fix';
}

/** The commit, how we know, and every source that says otherwise. */
export function commitLine(provenance: Provenance | undefined): string {
  if (provenance === undefined) return 'commit unknown: no tag of this image names one';
  const { best, conflicts } = provenance;
  const line = `commit ${shortCommit(best.commit)} (${howWeKnow(best)})`;
  if (conflicts.length === 0) return line;
  const others = conflicts.map(({ commit, source }) => `${shortCommit(commit)} (${sourceWords(source)})`);
  return `${line}; in conflict with ${listed(others, 3)}`;
}

function howWeKnow({ commit, tier, source }: Evidence): string {
  if (source.from !== 'tag') return HOW[tier];
  return `from ${source.tag === commit ? 'the tag' : `the tag ${source.tag}`}, unverified`;
}

/** What a list that is too short means for the numbers beside it; undefined for a whole one. */
export function incompleteLine({ listIncomplete, found }: Notice): string | undefined {
  if (!listIncomplete) return undefined;
  if (!found) return 'list incomplete: findings were announced that nobody can read';
  return 'list incomplete: not all findings could be read, so the numbers are the least there are';
}

/** A tracked reference as people read it. No tag has a space, so the newest push cannot be taken for one. */
export function referenceName(reference: string): string {
  return reference === NEWEST_PUSH ? 'newest push' : reference;
}

const PLATFORM_WORDS: Readonly<Record<PlatformState['state'], string>> = {
  scanned: 'scanned',
  pending: 'still open',
  unscannable: 'not scannable',
  gone: 'gone',
};

/** Which platforms the counts are about, and which are missing in them and why; undefined for a single image. */
export function platformLine(platforms: readonly PlatformState[]): string | undefined {
  if (platforms.length < 2) return undefined;
  const groups = (['scanned', 'pending', 'unscannable', 'gone'] as const).flatMap((state) => {
    const names = platforms.filter((it) => it.state === state).map(platformName);
    return names.length > 0 ? [`${PLATFORM_WORDS[state]}: ${listed(names, 4)}`] : [];
  });
  return `platforms ${groups.join('; ')}`;
}

/** A scan status: as it is when known, else as somebody else's text. */
export function statusWord(status: string): string {
  return KNOWN_STATUSES.has(status) ? status : safeText(untrusted(status), 40);
}

/**
 * The image's page in the console of its partition. Account, region, repository and digest passed their grammars,
 * which leave nothing to escape; the slashes in a repository stay.
 */
export function consoleUrl({ repository: { account, region, name }, digest }: Image): string {
  const page = `ecr/repositories/private/${account}/${name}/_/image/${digest}/details`;
  return `https://${region}.${consoleHost(region)}/${page}?region=${region}`;
}

/** `2026-11-20 02:01 UTC` */
export function utc(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** The first `max` of the items, and how many more there are. */
export function listed(items: readonly string[], max: number): string {
  const rest = items.length - max;
  return `${items.slice(0, max).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function sentence(notice: Notice): readonly [before: string, after: string] {
  const { reason, found, unscannable } = notice;
  if (reason === 'not-scanned' || found === undefined) {
    const status = unscannable?.status ?? 'UNKNOWN';
    if (status === LIST_INCOMPLETE) return ['', ': list of findings incomplete'];
    return ['', ` was not scanned: ${KNOWN_STATUSES.has(status) ? status : 'unknown status'}`];
  }
  if (reason === 'resolved') return ['', ` is clear${clearWords(found.counts, notice.platforms)}`];
  const change = changeWord(reason, found);
  return [`${openWords(found)} in `, `, ${change}`];
}

function changeWord(reason: Notice['reason'], { newCount, closedCount = 0 }: ScanSummary): string {
  if (reason === 'first-scan') return 'first scan';
  if (reason === 'better') return `${closedCount} gone`;
  return reason === 'reminder-due' ? 'still open' : `${newCount} new`;
}

/** What changed since people last heard of it, in one sentence. */
export function changeLine({ reason, found }: Notice): string {
  const { newCount = 0, stillOpenCount = 0, closedCount = 0 } = found ?? {};
  if (reason === 'first-scan') return 'First scan: nothing to compare with';
  if (reason === 'resolved') return 'What was open was not found again';
  if (reason === 'reminder-due') return `Reminder: ${stillOpenCount} still open`;
  const gone = closedCount > 0 ? `, ${closedCount} gone` : '';
  if (reason === 'better') return `${closedCount} gone, ${stillOpenCount} still open`;
  const why = reason === 'worse' ? 'Found in the same image since: ' : '';
  return `${why}${newCount} new, ${stillOpenCount} still open${gone}`;
}

/** Counts of the severities that the notice is about. */
function openWords({ counts, notifyAt }: ScanSummary): string {
  const about = SEVERITIES.filter((severity) => counts[severity] > 0 && atLeast(severity, notifyAt));
  const rest = about.slice(MAX_NAMED).reduce((sum, severity) => sum + counts[severity], 0);
  const named = countWords(counts, about.slice(0, MAX_NAMED));
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Only what was scanned is clear: a platform without a scan takes the "clear" back to the others. */
function clearWords(counts: SeverityCounts, platforms: readonly PlatformState[]): string {
  const scanned = platforms.filter(({ state }) => state === 'scanned').length;
  const where = scanned < platforms.length ? ` on ${scanned} of ${platforms.length} platforms` : '';
  const worst = SEVERITIES.findIndex((severity) => counts[severity] > 0);
  const none = SEVERITIES.slice(0, Math.min(worst, MAX_NAMED)).map((severity) => severity.toLowerCase());
  return `${where}: no ${worst < 0 ? '' : `${none.join(' or ')} `}findings any more`;
}

function subjectName({ subject: { image }, references }: Notice): string {
  const { name } = image.repository;
  const [first, ...others] = references;
  if (first === undefined) return `${name}@${shortDigest(image.digest)}`;
  const more = others.length > 0 ? ` (+${others.length} more)` : '';
  return first === NEWEST_PUSH ? `${name} (newest push)${more}` : `${name}:${first}${more}`;
}

function platformName({ platform, digest, state, status }: PlatformState): string {
  const name = platform ?? shortDigest(digest);
  return state === 'scanned' || status === undefined ? name : `${name} (${statusWord(status)})`;
}

function consoleHost(region: string): string {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn';
  return region.startsWith('us-gov-') ? 'console.amazonaws-us-gov.com' : 'console.aws.amazon.com';
}

function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

function cutMiddle(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const head = Math.floor((maxCharacters - 3) / 3);
  return `${text.slice(0, head)}...${text.slice(text.length - (maxCharacters - 3 - head))}`;
}
