import type { KnownImage } from '../../../lookup/known-image.ts';
import type { Choice } from '../api.ts';
import type { CommitDocument } from '../documents.ts';
import { type Content, h } from '../dom.ts';
import { linkTo, type Route } from '../route.ts';
import { time } from '../times.ts';
import { count, short, wholeName } from '../words.ts';
import { askLink, away, commit, section, table } from './parts.ts';

/** The images of one commit. */
export function commitView({ commit: sha, images, maybe, links }: CommitDocument): readonly Content[] {
  return [
    h(
      'section',
      { class: 'answer' },
      h('h1', { class: 'code' }, short(sha)),
      h('p', {}, h('code', {}, sha)),
      h('p', { class: 'links' }, away(links.commit, 'Commit')),
    ),
    section(count(images.length, 'image'), imagesTable('Images of this commit', images)),
    maybe.length > 0 &&
      section(
        'Perhaps',
        h('p', {}, 'Of these only the beginning of their commit is known.'),
        imagesTable('Perhaps of this commit', maybe),
      ),
  ];
}

const KINDS: Readonly<Record<string, string>> = {
  reference: 'a repository',
  digest: 'a digest',
  commit: 'a commit',
  service: 'a service',
  cve: 'a vulnerability',
};

/** Several things have this name; each leads to itself. */
export function chooseView(
  route: Route,
  { candidates, images, commits, readings }: Choice,
): readonly Content[] {
  const subject = route.view === 'ask' ? route.subject : '';
  return [
    h(
      'section',
      { class: 'answer' },
      h('h1', {}, 'Which one?'),
      h('p', {}, 'Several things have this name.'),
    ),
    readings &&
      section(
        'It can be',
        h(
          'ul',
          {},
          readings.map(({ as }) =>
            h('li', {}, h('a', { href: linkTo({ ...route, view: 'ask', subject, as }) }, KINDS[as] ?? as)),
          ),
        ),
      ),
    candidates &&
      section(
        'In',
        h(
          'ul',
          { class: 'choices' },
          candidates.map((it) => h('li', {}, candidate(subject, it))),
        ),
      ),
    images && section('Images', imagesTable('Images', images as readonly KnownImage[])),
    commits?.map((it) =>
      section(
        `Commit ${short(it.commit)}`,
        h('p', {}, askLink(it.commit, it.commit)),
        imagesTable('Images', it.images as readonly KnownImage[]),
      ),
    ),
  ];
}

/** A repository by its whole name, or a service by its ARN. */
function candidate(
  subject: string,
  { account = '', region = '', name = '', cluster }: Readonly<Record<string, string>>,
): Content {
  if (cluster)
    return askLink(
      `arn:aws:ecs:${region}:${account}:service/${cluster}/${name}`,
      `${cluster}/${name} in ${account}/${region}`,
    );
  const rest = subject.slice(subject.indexOf(name) + name.length);
  return askLink(wholeName({ account, region, name }, rest), `${name} in ${account}/${region}`);
}

function imagesTable(label: string, images: readonly KnownImage[]): HTMLElement {
  const rows = images.map((it) => [
    [it.repository.name, ' ', askLink(wholeName(it.repository, `@${it.digest}`), short(it.digest))],
    `${it.repository.account}/${it.repository.region}`,
    commit(it.provenance),
    it.tags.join(', ') || 'none',
    it.pushedAt && time(it.pushedAt),
  ]);
  return images.length > 0
    ? table(label, ['Image', 'Where', 'Commit', 'Tags', 'Pushed'], rows)
    : h('p', { class: 'empty' }, 'None is on record.');
}
