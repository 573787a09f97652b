import { readCheckout } from '../checkout/read.ts';
import { BadReference } from '../errors.ts';
import { type Checkout, isDirty } from '../tagging/checkout.ts';
import { forBake, forDocker, forGitHub, type Naming, pairs } from '../tagging/formats.ts';
import { labelsOf } from '../tagging/labels.ts';
import { parsePlace } from '../tagging/place.ts';
import { tagsOf, versionsOf } from '../tagging/tags.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { asciiJson } from './printable.ts';

const SCHEMA = 'scan-response.tags/v1';

/** Reads the clone, and says what an image of it is called. No call of AWS, and no credentials. */
export async function tagsReport(
  typed: string,
  options: Options,
  { environment }: Pick<Tools, 'environment'>,
): Promise<Output> {
  const { clone = '.', format = 'text', requireClean = false } = options;
  const place = typed === '' ? undefined : parsePlace(typed);
  if (!place && (format === 'docker' || format === 'bake'))
    throw new BadReference(`--format ${format} needs to know where: tags <registry>/<repository>`);
  const checkout = await readCheckout({ folder: clone, environment });
  const tags = tagsOf(checkout, options);
  if (requireClean && isDirty(checkout)) return refused(checkout);
  const labels = labelsOf(checkout, createdAt(environment));
  const names = tags.map((tag) => (place ? `${place}:${tag}` : tag));
  const aside = doubts(checkout, environment);
  const document = {
    schema: SCHEMA,
    commit: checkout.commit,
    isDirty: isDirty(checkout),
    isShallow: checkout.isShallow,
    tags,
    ...(place && { names }),
    labels,
    doubts: aside,
  };
  const lines = linesOf(format, { commit: checkout.commit, names, labels }, document);
  return { exit: EXIT.found, lines, document, ...(aside.length > 0 && { aside }) };
}

function linesOf(format: string, naming: Naming, document: Output['document']): readonly string[] {
  if (format === 'docker') return [forDocker(naming)];
  if (format === 'bake') return forBake(naming);
  if (format === 'github') return forGitHub(naming);
  if (format === 'json') return [asciiJson(document)];
  return [...naming.names, '', ...pairs(naming.labels)];
}

function refused(checkout: Checkout): Output {
  const error = `the work tree is not clean: ${changes(checkout)}`;
  const hint = 'commit or remove them, or have git ignore what the build writes: git status';
  return { exit: EXIT.notFound, lines: [error, hint], document: { schema: SCHEMA, error, hint } };
}

/** What an image of this may be mistaken for, one line each. */
function doubts(checkout: Checkout, environment: Tools['environment']): readonly string[] {
  return [
    ...(isDirty(checkout)
      ? [`not of the commit alone: ${changes(checkout)}; its tags and its revision end in -dirty`]
      : []),
    ...(checkout.isShallow && versionsOf(checkout).length === 0
      ? [
          'the clone is shallow, so nobody knows whether this is a version: actions/checkout with fetch-depth: 0',
        ]
      : []),
    ...(/^refs\/pull\/\d+\/merge$/.test(environment.GITHUB_REF ?? '')
      ? ['this commit is the merge that GitHub tries for a pull request: it will be in no branch']
      : []),
  ];
}

function changes({ changedCount, untrackedCount }: Checkout): string {
  return `${changedCount} changed and ${untrackedCount} untracked`;
}

/** In whole seconds; a build that is to be the same again says when in SOURCE_DATE_EPOCH. https://reproducible-builds.org/specs/source-date-epoch/ */
function createdAt({ SOURCE_DATE_EPOCH = '' }: Tools['environment']): string {
  const date = /^\d{1,11}$/.test(SOURCE_DATE_EPOCH) ? new Date(Number(SOURCE_DATE_EPOCH) * 1000) : new Date();
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
