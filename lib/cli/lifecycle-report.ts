import { BadReference } from '../errors.ts';
import type { Digest } from '../image/digest.ts';
import { parseReference, type Repository } from '../image/reference.ts';
import { type Instant, toInstant } from '../instant.ts';
import { parseLifecyclePolicy } from '../lifecycle/parse.ts';
import { type Preview, preview } from '../lifecycle/preview.ts';
import type { Rule } from '../lifecycle/rule.ts';
import type { StoredImage } from '../lifecycle/stored-image.ts';
import { listingsOf } from '../lookup/listings.ts';
import { standingsIn } from '../lookup/standing.ts';
import { readText } from '../services/files.ts';
import { type StoredImages, storedImagesIn } from '../services/stored-images.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { previewDocument, SCHEMA } from './lifecycle-document.ts';
import { previewLines } from './lifecycle-text.ts';
import { ifDeployed, withRights } from './registry-rights.ts';
import { parseTime } from './time.ts';

const NEEDS =
  'a preview needs ecr:DescribeImages and, without --policy, ecr:GetLifecyclePolicy on the repository';

/** A preview with what it is about. */
export interface Previewed {
  readonly repository: Repository;
  readonly at: Instant;
  /** Where the policy comes from: the name of a file, or undefined for the repository's own. */
  readonly file: string | undefined;
  readonly rules: readonly Rule[];
  readonly preview: Preview;
  /** Why nobody knows what runs; absent where that is known. */
  readonly unknownUse?: string;
}

/** Evaluates a policy over the images of a repository and what runs. Throws BadReference, and the SDK's errors. */
export async function lifecycleReport(text: string, options: Options, tools: Tools): Promise<Output> {
  const { name, account = options.account, region = options.region, tag, digest } = parseReference(text);
  if (tag || digest) throw new BadReference(`say a repository, without a tag or a digest: ${name}`);
  const at = momentOf(options);
  const ecr = storedImagesIn(region);
  return withRights(NEEDS, async () => {
    const policy = await policyOf({ name, account }, options.policy, ecr);
    if ('exit' in policy) return policy;
    const stored = await ecr.list({ name, account }, (soFar) => tools.progress(`${soFar} images`));
    if (!stored) throw absent(name);
    const repository = { account: stored.account ?? account ?? '', region: await ecr.region(), name };
    const { unknownUse, ...scene } = await surroundings(repository, stored.images, { ecr, options, tools });
    const previewed = preview({ ...scene, rules: policy.rules, images: stored.images, at });
    const of = { repository, at, file: options.policy, rules: policy.rules, preview: previewed };
    const all = { ...of, ...(unknownUse && { unknownUse }) };
    return {
      exit: exitOf(all, options.strict ?? false),
      lines: previewLines(all, options.all ?? false),
      document: previewDocument(text, all),
      isAnswer: true,
    };
  });
}

/** A registry tells of now: of what comes until a later time nothing is known, and of an earlier one nothing at all. */
function momentOf({ at, fold }: Options): Instant {
  const now = new Date();
  const moment = at === undefined ? toInstant(now) : parseTime(at, now, { fold });
  if (moment < toInstant(now) && at !== undefined)
    throw new BadReference('--at takes now or a later time: ECR does not say what a repository held before');
  return moment;
}

function absent(name: string): BadReference {
  return new BadReference(
    `there is no repository ${name} in this registry: check the name, the account and the region`,
  );
}

async function policyOf(
  repository: { readonly name: string; readonly account: string | undefined },
  file: string | undefined,
  ecr: StoredImages,
): Promise<{ readonly rules: readonly Rule[] } | Output> {
  const found = file === undefined ? await ecr.findPolicy(repository) : { text: await readText(file) };
  if (found === 'no-repository') throw absent(repository.name);
  if (found === 'no-policy') return withoutPolicy(repository.name);
  const parsed = parseLifecyclePolicy(found.text);
  if (!('errors' in parsed)) return parsed;
  const { errors } = parsed;
  const from = file ?? `the policy of ${repository.name}`;
  return {
    exit: EXIT.fault,
    lines: [
      ...errors.map(({ where, says }) => `${from}: ${where}: ${says}`),
      `${errors.length === 1 ? '1 error' : `${errors.length} errors`}: nothing is evaluated`,
    ],
    document: { schema: SCHEMA, error: 'not a lifecycle policy', errors },
  };
}

function withoutPolicy(name: string): Output {
  const put = `aws ecr put-lifecycle-policy --repository-name ${name} --lifecycle-policy-text file://policy.json`;
  return {
    exit: EXIT.found,
    lines: [
      `${name} has no lifecycle policy: nothing goes, and images stay until somebody deletes them`,
      `  to do     scan-response lifecycle preview ${name} --policy policy.json`,
      `            ${put}`,
    ],
    document: { schema: SCHEMA, reference: name, policy: null, hint: put },
  };
}

/** What indexes list and what runs, from the lineage where there is one. */
async function surroundings(
  repository: Repository,
  images: readonly StoredImage[],
  { ecr, options, tools }: { readonly ecr: StoredImages; readonly options: Options; readonly tools: Tools },
) {
  const indexes = images.filter(({ kind }) => kind === 'index').map(({ digest }) => digest);
  const known = await ifDeployed(async () => {
    const ports = await tools.lookup();
    const now = toInstant(ports.now());
    const standings = await standingsIn(repository, now, ports);
    return { standings, listings: await listingsOf(repository, indexes, ports) };
  });
  const listings = new Map('value' in known ? known.value.listings : []);
  if (options.manifests) await readIndexes(repository, indexes, listings, ecr);
  return 'value' in known
    ? { standings: known.value.standings, listings }
    : { standings: undefined, listings, unknownUse: known.unknown };
}

async function readIndexes(
  repository: Repository,
  indexes: readonly Digest[],
  listings: Map<Digest, readonly Digest[]>,
  ecr: StoredImages,
): Promise<void> {
  for (const digest of indexes.filter((it) => !listings.has(it))) {
    const listed = await ecr.listedBy({ repository, digest });
    if (listed) listings.set(digest, listed);
  }
}

/** Nothing is called safe that nobody knows to be. */
function exitOf({ preview: { verdicts, losses }, unknownUse }: Previewed, isStrict: boolean): Output['exit'] {
  const { running, rollback, followed, later } = losses;
  if (running.length > 0) return EXIT.notFound;
  if (isStrict && [...rollback, ...followed, ...later].length > 0) return EXIT.notFound;
  return unknownUse === undefined || verdicts.every(({ fate }) => fate === 'kept')
    ? EXIT.found
    : EXIT.ambiguous;
}
