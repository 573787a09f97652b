import type { Evidence } from '../../../image/evidence.ts';
import { sourceWords } from '../../../image/evidence-words.ts';
import { tagEvidence } from '../../../image/tag-form.ts';
import type { ImageDocument } from '../documents.ts';
import { type Content, h } from '../dom.ts';
import { scanWords, severityMarks } from '../severity.ts';
import { age, lasting, time } from '../times.ts';
import { DOUBT_WORDS, howKnown, place, short, strengthOf, TIER_WORDS, wholeName } from '../words.ts';
import { findingsTable } from './findings.ts';
import { askLink, awayTo, commit, doubts, facts, section, serviceLink, table, theirs } from './parts.ts';

/** Which image and commit it is or was: the answer first, every doubt, and then what it stands on. */
export function imageView(document: ImageDocument, between?: Content): readonly Content[] {
  return [
    answer(document),
    between,
    running(document),
    findings(document),
    evidence(document),
    platforms(document),
  ];
}

function answer(document: ImageDocument): HTMLElement {
  const { repository, tag, digest, provenance, since, scan, doubts: why } = document;
  const best = provenance?.best;
  return h(
    'section',
    { class: 'answer' },
    h('h1', {}, `${repository.name}${tag ? `:${tag}` : ''}`),
    h(
      'p',
      { class: 'headline' },
      best
        ? h('code', { class: 'big' }, short(best.commit))
        : h('span', { class: 'big doubtful' }, 'commit unknown'),
      best && h('span', { class: `tier ${strengthOf(best.tier)}` }, TIER_WORDS[best.tier]),
      since && h('span', { class: 'quiet' }, `since ${age(since)}`),
    ),
    h('p', {}, severityMarks(scan)),
    doubts([...goneWords(document), ...why.map((it) => DOUBT_WORDS[it]), ...conflictWords(document)]),
    awayTo(document.links),
    facts({
      Commit: best && [h('code', {}, best.commit), ' ', howKnown(best)],
      Digest: h('code', {}, digest),
      Lists: document.part && h('code', {}, document.part),
      Where: place(repository),
      ...stayFacts(document),
      Tags: document.image && (document.image.tags.join(', ') || 'none'),
      Before: previous(document),
      History: history(document),
    }),
  );
}

function stayFacts({
  at,
  since,
  until,
  window,
  tag,
  image,
}: ImageDocument): Readonly<Record<string, Content>> {
  return {
    'Asked for': time(at),
    Pushed: image && time(image.pushedAt),
    From: since && [time(since), window && h('span', { class: 'doubtful' }, ' a guess: no event came')],
    Until:
      tag &&
      since &&
      (until
        ? [time(until), `, after ${lasting(Date.parse(since), Date.parse(until))}`]
        : 'still so, by the events seen'),
  };
}

function goneWords({ deletedAt, archivedAt, image }: ImageDocument): readonly Content[] {
  return [
    ...(deletedAt ? [[h('strong', {}, 'Deleted '), time(deletedAt)]] : []),
    ...(archivedAt ? [[h('strong', {}, 'Archived '), time(archivedAt)]] : []),
    ...(image ? [] : ['Its push has been seen, its description not yet.']),
  ];
}

function conflictWords({ provenance, tied = [] }: ImageDocument): readonly Content[] {
  const others = (provenance?.conflicts ?? []).map(({ commit: it, source }) => [
    `The ${sourceWords(source)} says `,
    h('code', {}, short(it)),
    '.',
  ]);
  const same = tied.map((it) =>
    it === 'deleted'
      ? 'In the same second it was deleted.'
      : ['In the same second it was pushed to ', h('code', {}, short(it)), '.'],
  );
  return [...others, ...same];
}

function previous({ previous: before, repository }: ImageDocument): Content {
  return (
    before && [
      commit(before.provenance),
      ' ',
      askLink(wholeName(repository, `@${before.digest}`), short(before.digest)),
    ]
  );
}

function history({ verification, gaps }: ImageDocument): Content {
  const checked = verification
    ? [
        'held against the registry at ',
        time(verification.verifiedAt),
        ', without a long pause since ',
        time(verification.since),
      ]
    : h('span', { class: 'doubtful' }, 'not verified: a push that AWS never told of is not in it');
  return [
    checked,
    gaps.map(({ notBefore, notAfter }) =>
      h('p', { class: 'doubtful' }, 'possible gap from ', time(notBefore), ' to ', time(notAfter)),
    ),
  ];
}

function running({ running: uses = [], digest }: ImageDocument): HTMLElement {
  if (uses.length === 0)
    return section('Where it runs', h('p', { class: 'empty' }, 'No ECS task is known to run it now.'));
  const rows = uses.map((use) => [
    serviceLink(use),
    use.name,
    String(use.tasks),
    time(use.startedAt),
    use.digest === digest ? 'this digest' : h('code', {}, short(use.digest ?? '')),
  ]);
  return section(
    'Where it runs',
    table('Where it runs', ['Service', 'Container', 'Tasks', 'Since', 'Pulled as'], rows),
  );
}

function findings({ findings: found, areFindingsWhole = true, scan }: ImageDocument): HTMLElement {
  if (!scan)
    return section(
      'Findings',
      h('p', { class: 'empty doubt' }, 'No scan is on record. This does not mean clean.'),
    );
  const scanned = h(
    'p',
    { class: 'quiet' },
    `${scan.type} scanning, `,
    scan.completedAt ? ['completed ', time(scan.completedAt), ': '] : '',
    scanWords(scan),
  );
  const short_ =
    !areFindingsWhole && h('p', { class: 'note doubt' }, 'The list is incomplete: there may be more.');
  return section(
    'Findings',
    scanned,
    short_,
    found && found.length > 0 ? findingsTable(found) : h('p', { class: 'empty' }, 'Nothing is listed.'),
  );
}

function evidence({ image }: ImageDocument): HTMLElement | undefined {
  if (!image) return undefined;
  const all = [...image.evidence, ...image.tags.flatMap((tag) => tagEvidence(tag) ?? [])];
  all.sort((a, b) => Number(Boolean(a.doubt)) - Number(Boolean(b.doubt)) || rankOf(a) - rankOf(b));
  if (all.length === 0)
    return section('Evidence', h('p', { class: 'empty' }, 'No tag or document names a commit.'));
  return section(
    'Evidence',
    table(
      'Evidence of the commit',
      ['Commit', 'How well', 'Said by', 'Branch', 'Repository'],
      all.map(evidenceCells),
    ),
  );
}

/** What is told of tiers is in their order. */
function rankOf({ tier }: Evidence): number {
  return Object.keys(TIER_WORDS).indexOf(tier);
}

function evidenceCells(it: Evidence): readonly Content[] {
  const { commit: sha, tier, source, repoUrl, ref, isDirty, doubt } = it;
  return [
    h('code', {}, short(sha)),
    doubt
      ? h('span', { class: 'doubtful' }, `not believed: ${doubt.replaceAll('-', ' ')}`)
      : [h('span', { class: `tier ${strengthOf(tier)}` }, TIER_WORDS[tier]), isDirty && ' dirty'],
    [
      sourceWords(source),
      'document' in source && [' ', h('code', { class: 'quiet' }, short(source.document))],
    ],
    theirs(ref, 80),
    theirs(repoUrl, 120),
  ];
}

function platforms({ image, scan }: ImageDocument): HTMLElement | undefined {
  if (!image || image.platforms.length === 0) return undefined;
  const states = new Map(scan?.platforms.map((it) => [it.digest, it.status ?? it.state]));
  const rows = image.platforms.map(({ platform, digest }) => [
    platform,
    h('code', {}, short(digest)),
    states.get(digest) ?? 'no scan on record',
  ]);
  return section('Platforms', table('Platforms', ['Platform', 'Digest', 'Scan'], rows));
}
