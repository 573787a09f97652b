import type { AffectedImage } from '../../../lookup/affected-image.ts';
import type { AffectedUse, CveAnswer } from '../../../lookup/cve.ts';
import type { CveDocument } from '../documents.ts';
import { type Content, h } from '../dom.ts';
import { time } from '../times.ts';
import { count, place, serviceName, short, wholeName } from '../words.ts';
import { askLink, commit, doubts, facts, section, serviceLink, table } from './parts.ts';

/** Which images have a finding, what runs them, and since when. */
export function cveView(document: CveDocument, period: Content): readonly Content[] {
  const { services, images, bounds } = document;
  const nobody = document.period
    ? 'No service is known to have run it then.'
    : 'No service is known to run it now.';
  return [
    summary(document, period),
    section(
      'Services',
      services.length > 0 ? servicesTable(services, images) : h('p', { class: 'empty' }, nobody),
    ),
    spared(document),
    section('Images', imagesTable(images)),
    section('Repositories', h('ul', {}, document.repositories.map(repositoryWords))),
    h('p', { class: 'quiet' }, `Not in it: ${bounds.notIncluded.join('; ')}.`),
  ];
}

function summary(
  { id, services, images, repositories, bounds, ...asked }: CveDocument,
  period: Content,
): HTMLElement {
  const names = new Set(services.map(serviceName));
  const ran = asked.period ? 'ran it' : names.size === 1 ? 'runs it now' : 'run it now';
  const where = count(repositories.length, 'repository', 'repositories');
  return h(
    'section',
    { class: 'answer' },
    h('h1', { class: 'code' }, id),
    h(
      'p',
      { class: 'headline' },
      `${count(names.size, 'service')} ${ran}, ${count(bounds.imagesFound, 'image')} in ${where}`,
    ),
    facts({
      'Known since': since(images),
      Period: asked.period && [time(asked.period.from), ' to ', time(asked.period.to)],
    }),
    doubts(boundWords(bounds)),
    period,
  );
}

/** What runs the same image where the finding is not. */
function spared({ elsewhere }: CveDocument): Content {
  const words = ({ architecture }: AffectedUse) =>
    ` runs the same image on ${architecture}, where it was not found.`;
  const items = elsewhere.map((it) => h('li', {}, serviceLink(it), words(it)));
  return items.length > 0 && section('Not affected', h('ul', {}, items));
}

function repositoryWords(it: CveAnswer['repositories'][number]): HTMLElement {
  const past = it.noLongerListed > 0 ? `, no longer listed in ${it.noLongerListed}` : '';
  return h('li', {}, `${place(it)}: ${count(it.listed, 'image')}${past}`);
}

function since(images: readonly AffectedImage[]): Content {
  const [first] = images.map((it) => it.since).sort();
  return first && [time(first), ', by the scans on record'];
}

function servicesTable(services: readonly AffectedUse[], images: readonly AffectedImage[]): HTMLElement {
  const rows = services.map((use) => {
    const image = images.find(({ digest }) => digest === use.scanned);
    const end = use.tasks > 0 || !use.lastStoppedAt ? undefined : [' to ', time(use.lastStoppedAt)];
    return [
      serviceLink(use),
      use.name,
      commit(image?.provenance),
      String(use.tasks),
      [
        time(use.startedAt),
        end,
        use.isThatPlatform === undefined && h('span', { class: 'doubtful' }, ' platform not told'),
      ],
    ];
  });
  return table('Services', ['Service', 'Container', 'Commit', 'Tasks now', 'Ran'], rows);
}

function imagesTable(images: readonly AffectedImage[]): HTMLElement {
  const rows = images.map((it) => [
    [h('span', { class: `mark ${it.severity.toLowerCase()}` }, it.severity.toLowerCase())],
    [it.repository.name, ' ', askLink(wholeName(it.repository, `@${it.digest}`), short(it.digest))],
    commit(it.provenance),
    tagWords(it),
    [
      time(it.since),
      it.until && [' to ', time(it.until), h('span', { class: 'quiet' }, ' no longer listed')],
    ],
    it.platforms.join(', '),
  ]);
  return table('Images', ['Severity', 'Image', 'Commit', 'Tags', 'Listed since', 'Platforms'], rows);
}

function tagWords({ tagsNow, tagsEver }: AffectedImage): string {
  const once = tagsEver.filter((tag) => !tagsNow.includes(tag));
  return (
    [
      ...(tagsNow.length > 0 ? [`now ${tagsNow.join(', ')}`] : []),
      ...(once.length > 0 ? [`once ${once.join(', ')}`] : []),
    ].join('; ') || 'none'
  );
}

function boundWords({
  imagesFound,
  imagesDescribed,
  imagesChecked,
  imagesCutShort,
  isWhole,
}: CveAnswer['bounds']): readonly string[] {
  return [
    ...(imagesDescribed < imagesFound
      ? [`${imagesFound - imagesDescribed} older images, which run nowhere, are not listed.`]
      : []),
    ...(imagesChecked < imagesFound
      ? [`Only the newest ${imagesChecked} images were held against what runs.`]
      : []),
    ...(isWhole ? [] : ['A repository has more scanned images than were read.']),
    ...(imagesCutShort > 0
      ? [`Of ${count(imagesCutShort, 'image')} the mildest findings are not indexed.`]
      : []),
  ];
}
