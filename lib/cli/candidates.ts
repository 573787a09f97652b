import { shortDigest } from '../image/digest.ts';
import type { Hosts } from '../image/links.ts';
import type { AmbiguousCommit, CommitAnswer } from '../lookup/commit.ts';
import type { AmbiguousDigest } from '../lookup/digest.ts';
import type { KnownImage } from '../lookup/known-image.ts';
import { linksOf } from '../lookup/source-links.ts';
import { EXIT, type Options, type Output } from './command.ts';
import { ago, bothZones } from './time.ts';
import { single } from './value.ts';
import { row } from './words.ts';

/** More than these are counted, not listed; --json has them all. */
const MAX_LISTED = 20;
/** git's own minimum is 4; under 7 a second one is a question of time. */
const FEW_CHARACTERS = 7;

/** One commit and its images. */
export function commitOutput(
  schema: string,
  typed: string,
  answer: CommitAnswer,
  options: Options,
  { now, hosts }: { readonly now: Date; readonly hosts: Hosts },
): Output {
  const { commit, images, maybe } = answer;
  const [first] = [...images, ...maybe];
  const { commit: url } = linksOf(images.find((it) => it.repoUrl) ?? {}, undefined, hosts);
  if (options.output) return commitValue(schema, options.output, answer, url);
  const age = first?.pushedAt ? `  pushed ${ago(first.pushedAt, now)}` : '';
  const few =
    typed.length < FEW_CHARACTERS
      ? `${typed.length} characters: another commit may begin so before long`
      : '';
  return {
    exit: EXIT.found,
    lines: [
      `${first ? named(first) : ''}  ${commit.slice(0, 12)}${age}`,
      row('commit', commit),
      ...(url ? [row('see', url)] : []),
      ...(few ? [row('WARNING', few)] : []),
      ...listed(images).map((line) => row('image', line)),
      ...listed(maybe).map((line) => row('MAYBE', `${line}: only the beginning of its commit is known`)),
    ],
    document: {
      schema,
      reference: typed,
      found: 'commit',
      commit,
      images,
      maybe,
      links: url ? { commit: url } : {},
    },
  };
}

function commitValue(
  schema: string,
  wanted: string,
  { commit, images }: CommitAnswer,
  url: string | undefined,
): Output {
  if (wanted === 'url') return single(schema, wanted, url);
  if (wanted === 'sha') return single(schema, wanted, commit);
  const values = [...new Set(images.map(({ digest }) => digest))];
  if (values.length > 1) return ambiguousDigest(schema, '', { found: 'images', candidates: images });
  return single(schema, wanted, values[0]);
}

/** Several commits begin so, as git says it. */
export function ambiguousCommit(schema: string, hex: string, { candidates }: AmbiguousCommit): Output {
  return {
    exit: EXIT.ambiguous,
    lines: [
      `error: short commit ${hex} is ambiguous; candidates:`,
      ...candidates.flatMap(({ commit, images }) => listed(images).map((line) => `  ${commit}  ${line}`)),
    ],
    document: { schema, error: 'ambiguous', commits: candidates },
  };
}

/** Several images have such a digest. */
export function ambiguousDigest(schema: string, hex: string, { candidates }: AmbiguousDigest): Output {
  return {
    exit: EXIT.ambiguous,
    lines: [
      `error: ${hex ? `digest sha256:${hex}` : 'the digest'} is ambiguous; candidates:`,
      ...listed(candidates).map((line) => `  ${line}`),
    ],
    document: { schema, error: 'ambiguous', images: candidates },
  };
}

/** The images of a list, one line each; of a long list the rest is counted. */
export function listed(images: readonly KnownImage[]): readonly string[] {
  const more = images.length - MAX_LISTED;
  return [...images.slice(0, MAX_LISTED).map(describe), ...(more > 0 ? [`and ${more} more`] : [])];
}

function describe({ repository, digest, pushedAt, tags, provenance }: KnownImage): string {
  const when = pushedAt ? `pushed ${bothZones(pushedAt)}` : 'not described yet';
  const conflict = provenance && provenance.conflicts.length > 0 ? '  CONFLICT' : '';
  const { account, region, name } = repository;
  const where = `${name}@${shortDigest(digest)} in ${account}/${region}`;
  return `${where}  ${when}  ${tags.join(', ') || 'no tags'}${conflict}`;
}

function named({ repository: { name }, tags }: KnownImage): string {
  const [tag] = tags;
  return tag ? `${name}:${tag}` : name;
}
