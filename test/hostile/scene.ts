import { parseTag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { MAX_RUNS } from '../../lib/policy/background.ts';
import { MAX_SHOWN, type Notice } from '../../lib/policy/notice.ts';
import { NEWEST_PUSH } from '../../lib/policy/policy.ts';
import { SEVERITIES, toCounts } from '../../lib/scan/severity.ts';
import { anEvidence, aProvenance, aTagEvidence } from '../build/evidence.ts';
import { aFound, aNotice, aShownFinding, aSubject } from '../build/notice.ts';
import type { Chance } from '../simulation/chance.ts';
import { VECTORS } from './vectors.ts';

/**
 * Stands in every text that is not ours. None of our own words has this letter, so wherever it is found, somebody
 * else's text is: that is how a rule such as "not in a link" can be checked without knowing what a message says.
 */
export const TAINT = 'ж';

/** What an output is asked to show. */
export interface Scene {
  readonly notice: Notice;
  readonly possibleRepeat: boolean;
  /** The same texts, for outputs that show something else than notices. */
  readonly words: readonly string[];
}

/** Gives the next text that somebody else wrote. */
type Draw = () => string;

/** A notice of findings and one of an image that was not scanned, with `text` in every place that others write. */
export function scenesWith(text: string): readonly Scene[] {
  const draw = () => text;
  return [foundNotice(draw, { findings: 2, packages: 2 }), notScanned(draw, 3)].map((it) => scene(it, text));
}

/** As much as there may be of everything, with `text` in every place that others write. */
export function fullSceneWith(text: string): Scene {
  return scene(
    foundNotice(() => text, { findings: MAX_SHOWN, packages: 12 }),
    text,
  );
}

function scene(notice: Notice, text: string): Scene {
  return { notice, possibleRepeat: true, words: [text, text] };
}

/** A scene that the chance makes: mostly small, and now and then as large as it gets. */
export function randomScene(chance: Chance): Scene {
  const draw = () => hostileText(chance);
  const isLarge = chance.hits(0.002);
  const [findings, packages] = isLarge
    ? [MAX_SHOWN, chance.between(0, 60)]
    : [chance.between(0, 3), chance.between(0, 3)];
  const notice = chance.hits(0.75)
    ? foundNotice(draw, { findings, packages })
    : notScanned(draw, chance.between(0, isLarge ? 80 : 4));
  const repository = { ...notice.subject.image.repository, name: oneOf(chance, REPOSITORIES) };
  const references = Array.from({ length: chance.between(0, isLarge ? 150 : 4) }, () => oneOf(chance, NAMES));
  const tags = references.filter((it) => it !== NEWEST_PUSH).map(parseTag);
  const subject = { ...notice.subject, image: { ...notice.subject.image, repository }, tags };
  const reason =
    notice.found && chance.hits(0.5) ? oneOf(chance, ['first-scan', 'reminder-due'] as const) : notice.reason;
  return {
    notice: { ...notice, reason, subject, references },
    possibleRepeat: chance.hits(0.5),
    words: [draw(), draw()],
  };
}

/** Names that pass their grammars and would still format something. */
const REPOSITORIES: readonly string[] = [
  ...['demo-api', 'a__b__c', 'team/_/x', 'r'.repeat(256), `${'a/'.repeat(100)}b`, '0', 'x.evil.example'],
];
const NAMES: readonly string[] = [
  ...['latest', '__bold__', '_a_', '1.0.0', 't'.repeat(128), 'evil.example', NEWEST_PUSH, 'a-_-b'],
];

/** A vector, two of them, some with letters between, or what no list has: any 16 bits in a row. */
export function hostileText(chance: Chance): string {
  if (chance.hits(0.02)) return '';
  const text = VECTORS[chance.between(0, VECTORS.length)]?.text ?? '';
  const short = text.length > 80 && !chance.hits(0.01) ? text.slice(0, 40) : text;
  if (chance.hits(0.5)) return `${TAINT}${short}`;
  if (chance.hits(0.3)) return `${short}${TAINT}${hostileText(chance)}`;
  const units = Array.from({ length: chance.between(0, 16) }, () => anyUnit(chance));
  return `${TAINT}${String.fromCharCode(...units)}${short}`;
}

function anyUnit(chance: Chance): number {
  return chance.hits(0.5) ? chance.between(0, 0x100) : chance.between(0, 0x10000);
}

export function oneOf<T>(chance: Chance, choices: readonly T[]): T {
  return choices[chance.between(0, choices.length)] as T;
}

// What is the same in every scene is made once.
const FOUND = aFound({ counts: toCounts({ CRITICAL: 999_999, LOW: 1 }) });
const FINDING = aShownFinding({ platforms: ['linux/amd64', 'linux/arm64/v8'] });
const SUBJECT = aSubject();
const NOTICE = aNotice({ found: FOUND });
const { found: _, ...NOT_SCANNED } = aNotice({ reason: 'not-scanned' });
const CLAIM = anEvidence();
const CONFLICT = aTagEvidence('__x__-9f8e7d6', { commit: '9f8e7d6', tier: 'tag-short' });

function foundNotice(draw: Draw, size: { readonly findings: number; readonly packages: number }): Notice {
  const text = () => untrusted(draw());
  const packages = () =>
    Array.from({ length: size.packages }, () => ({ name: text(), version: text(), fixedIn: text() }));
  const shown = Array.from({ length: size.findings }, (_, n) => ({
    ...FINDING,
    id: text(),
    severity: SEVERITIES[n % SEVERITIES.length] ?? 'CRITICAL',
    packages: packages(),
    isNew: n % 2 === 0,
    exploitKnown: n % 2 === 1,
  }));
  const otherNewIds = Array.from({ length: size.findings }, text);
  const found = { ...FOUND, shown, otherNewIds, newCount: 2 * size.findings + 1 };
  const background = aHostileBackground(draw, size.findings);
  return { ...NOTICE, found, background, subject: aHostileSubject(draw), platforms: platforms(draw, 2) };
}

/** Who pushed is a name that people of the account gave; what runs comes by an event. */
function aHostileBackground(draw: Draw, findings: number): NonNullable<Notice['background']> {
  const { image, pushedAt } = SUBJECT;
  const place = { account: image.repository.account, region: image.repository.region };
  const workloads = Array.from({ length: Math.min(findings, MAX_RUNS) }, (_, tasks) => ({
    ...{ ...place, cluster: draw(), name: draw(), tasks },
  }));
  return {
    before: { digest: image.digest, commit: '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432' },
    links: {
      runbook: 'https://github.com/acme/runbooks',
      datadog: 'https://app.datadoghq.eu/monitors/manage',
    },
    pushed: { at: pushedAt, by: untrusted(draw()) },
    runs: { workloads, more: findings },
    open: { since: pushedAt, seconds: 86_400 * findings },
    isPartial: true,
  };
}

function notScanned(draw: Draw, count: number): Notice {
  const unscannable = { status: draw(), description: untrusted(draw()) };
  const subject = aHostileSubject(draw);
  return { ...NOT_SCANNED, subject, unscannable, platforms: platforms(draw, count), listIncomplete: true };
}

/** Commits are hex and tags have a grammar; what a document says of where they are is anybody's text. */
function aHostileSubject(draw: Draw): Notice['subject'] {
  const text = () => untrusted(draw());
  const claimed = { ...CLAIM, repoUrl: text(), ref: text(), directory: text(), buildUrl: text() };
  return { ...SUBJECT, provenance: aProvenance(claimed, CONFLICT) };
}

function platforms(draw: Draw, count: number): Notice['platforms'] {
  const { digest } = SUBJECT.image;
  return Array.from({ length: count }, (_, n) => ({
    digest,
    platform: `linux/${'p'.repeat(n % 30)}`,
    state: (['pending', 'unscannable'] as const)[n % 2] ?? 'pending',
    status: draw(),
  }));
}
