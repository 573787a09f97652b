import { shortDigest } from '../image/digest.ts';
import { HOW, sourceName, sourceWords } from '../image/evidence-words.ts';
import type { Provenance } from '../image/provenance.ts';
import type { Repository } from '../image/reference.ts';
import type { Verification } from '../image/verification.ts';
import { parseInstant } from '../instant.ts';
import type { Gap } from '../lookup/gaps.ts';
import type { Ambiguous, NotFound } from '../lookup/missing.ts';
import type { Tied } from '../lookup/stay.ts';
import type { ScanFact } from '../scan/scan.ts';
import { countWords } from '../scan/severity.ts';
import { EXIT, type Output } from './command.ts';
import { bothZones } from './time.ts';

/** The commit, how we know it, and what says otherwise. */
export function commitLines(provenance: Provenance | undefined): readonly string[] {
  if (!provenance) return ['unknown: no tag of this image names a commit'];
  const { best, conflicts } = provenance;
  return [
    `${best.commit}  (${HOW[best.tier]}: ${sourceName(best.source)})`,
    ...conflicts.map(({ commit, source }) => `CONFLICT: the ${sourceWords(source)} says ${commit}`),
  ];
}

/** The newest scan on record. */
export function scanText(scan: ScanFact | undefined): string {
  if (!scan) return 'no scan on record: this does not mean clean';
  const open = scan.platforms.filter(({ state }) => state !== 'scanned' && state !== 'gone');
  const missing = open.map(({ platform, digest }) => platform ?? digest).join(', ');
  const counts = countWords(scan.counts).join(', ') || 'no findings';
  const least = scan.short ? ', list incomplete: at least these' : '';
  return `${counts}  (${scan.type} scanning${least}${missing && `, not scanned: ${missing}`})`;
}

/** What else a tag may point to. */
export function tiedText(tied: Tied): string {
  const others = tied.map((it) => (it === 'deleted' ? it : `pushed to ${shortDigest(it)}`));
  return `in the same second it was ${others.join(' and ')}: which came last is not known`;
}

/** How far the history can be trusted: when it was last held against the registry, and where it may have a gap. */
export function verificationText(verification: Verification | undefined): string {
  if (!verification) return 'not verified: a push that AWS never told of is not in it';
  const { verifiedAt, since } = verification;
  return `verified at ${bothZones(verifiedAt)}; may have a gap before ${bothZones(since)}`;
}

/** Where a move may be missing. */
export function gapText({ why, notBefore, notAfter }: Gap): string {
  const reason =
    why === 'recent' ? 'not held against the registry since' : 'AWS may not have told of every move';
  return `possible gap between ${bothZones(notBefore)} and ${bothZones(notAfter)}: ${reason}`;
}

/** Times in a sentence, in the zone and in UTC. */
function withZones(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (it) => bothZones(parseInstant(it)));
}

/** `name value` in two columns. */
export function row(name: string, value: string): string {
  return `  ${name.padEnd(10)}${value}`;
}

/** The output for a question without one answer. */
export function unanswered(schema: string, answer: NotFound | Ambiguous): Output {
  if (answer.found === 'nothing') {
    return {
      exit: EXIT.notFound,
      lines: [`not found: ${withZones(answer.why)}`, ...(answer.hint ? [`  ${answer.hint}`] : [])],
      document: { schema, error: answer.why, ...(answer.hint && { hint: answer.hint }) },
    };
  }
  return {
    exit: EXIT.ambiguous,
    lines: [
      'several repositories have this name; say which with --account and --region:',
      ...answer.candidates.map((it) => `  ${place(it)}`),
    ],
    document: { schema, error: 'ambiguous', candidates: answer.candidates },
  };
}

/** Where a repository is. */
export function place({ account, region, name }: Repository): string {
  return `${name} in ${account}/${region}`;
}
