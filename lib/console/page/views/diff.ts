import type { WhoAnswer } from '../../../lookup/who.ts';
import type { FoundId, ScanChange } from '../../../scan/scan-findings.ts';
import type { DiffDocument } from '../documents.ts';
import { type Content, h } from '../dom.ts';
import { scanWords } from '../severity.ts';
import { time } from '../times.ts';
import { count, howKnown, place, short, wholeName } from '../words.ts';
import { findingLink } from './findings.ts';
import { askLink, away, commit, doubts, facts, section } from './parts.ts';

/** What lies between two images: the commits, and what the scans list. */
export function diffView({
  from,
  to,
  isSameImage,
  isSameCommit,
  scans,
  links,
}: DiffDocument): readonly Content[] {
  const what = isSameImage
    ? 'The same image.'
    : isSameCommit
      ? 'Another image of the same commit.'
      : undefined;
  return [
    h(
      'section',
      { class: 'answer' },
      h('h1', {}, 'What changed'),
      h(
        'p',
        { class: 'headline' },
        commit(from.provenance),
        h('span', { class: 'arrow' }, '→'),
        commit(to.provenance),
      ),
      what && h('p', {}, what),
      h(
        'p',
        { class: 'links' },
        away(links.compare, 'Compare the commits'),
        away(links.commit, 'Newer commit'),
        whole(to),
      ),
      !links.compare &&
        !isSameImage &&
        !isSameCommit &&
        h(
          'p',
          { class: 'quiet' },
          'No page compares these commits: one is not known, or their host is not linked to.',
        ),
    ),
    h('div', { class: 'sides' }, side('Older', from), side('Newer', to)),
    !isSameImage && changes(scans),
  ];
}

function whole({ repository, tag }: WhoAnswer): Content {
  return tag && askLink(wholeName(repository, `:${tag}`), 'Time line', 'button');
}

function side(title: string, answer: WhoAnswer): HTMLElement {
  const { repository, tag, digest, since, until, provenance, scan, gaps, tied } = answer;
  const why = [
    ...(tied ? ['In the same second it was something else as well.'] : []),
    ...gaps.map(({ notBefore, notAfter }) => [
      'Possible gap from ',
      time(notBefore),
      ' to ',
      time(notAfter),
      '.',
    ]),
  ];
  return section(
    title,
    facts({
      Image: [
        `${repository.name}${tag ? `:${tag}` : ''} `,
        askLink(wholeName(repository, `@${digest}`), short(digest)),
      ],
      Commit: provenance
        ? [h('code', {}, provenance.best.commit), ' ', howKnown(provenance.best)]
        : 'unknown',
      Where: place(repository),
      From: since && time(since),
      Until: since && (until ? time(until) : tag && 'still so'),
      Scan: scanWords(scan),
    }),
    doubts(why),
  );
}

const CHANGE_DOUBTS: Readonly<Record<NonNullable<ScanChange['doubt']>, string>> = {
  'another-scanner': 'Different scanners: what they call a finding differs.',
  'list-incomplete': 'A list is incomplete: there may be more.',
};

function changes(scans: ScanChange | undefined): Content {
  if (!scans)
    return section(
      'Findings',
      h('p', { class: 'empty doubt' }, 'Not compared: one of the two has no scan on record.'),
    );
  const { appeared, gone, doubt } = scans;
  return [
    doubt && h('p', { class: 'note doubt' }, CHANGE_DOUBTS[doubt]),
    h('div', { class: 'sides' }, listed('Gained', appeared), listed('Lost', gone)),
  ];
}

function listed(title: string, found: readonly FoundId[]): HTMLElement {
  const items = found.map(({ id, severity }) =>
    h(
      'li',
      {},
      h('span', { class: `mark ${severity.toLowerCase()}` }, severity.toLowerCase()),
      ' ',
      findingLink(id),
    ),
  );
  return section(
    `${title}: ${count(found.length, 'finding')}`,
    items.length > 0 ? h('ul', { class: 'ids' }, items) : h('p', { class: 'empty' }, 'None.'),
  );
}
