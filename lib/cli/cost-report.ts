import { BadReference } from '../errors.ts';
import { parseReference } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { type BytesByClass, bytesAfter, bytesOf, monthlyPrice, total } from '../lifecycle/cost.ts';
import { evaluate } from '../lifecycle/evaluate.ts';
import { parseLifecyclePolicy } from '../lifecycle/parse.ts';
import { PRICES } from '../lifecycle/prices.ts';
import type { Rule } from '../lifecycle/rule.ts';
import { listingsOf } from '../lookup/listings.ts';
import { matchesGlob } from '../policy/glob.ts';
import { readText } from '../services/files.ts';
import { type StoredImages, storedImagesIn } from '../services/stored-images.ts';
import { bytesText, columns } from './columns.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { ifDeployed, withRights } from './registry-rights.ts';
import { row } from './words.ts';

const SCHEMA = 'scan-response.cost/v1';
const NEEDS =
  'cost needs ecr:DescribeImages and, without --policy, ecr:GetLifecyclePolicy on the repositories, and ecr:DescribeRepositories for more than one';
/** Repositories that are read at a time. */
const AT_ONCE = 4;

interface RepositoryCost {
  readonly name: string;
  readonly images: number;
  readonly bytes: BytesByClass;
  /** What its lifecycle policy, or the one that is asked about, is. */
  readonly policy: 'given' | 'own' | 'none' | 'unreadable';
  /** As it is once the policy has acted on what is due; the same without one. */
  readonly after: BytesByClass;
  /** Indexes of which nobody knows what they list. */
  readonly unknownIndexes: number;
}

/** Sums the images of repositories up. Throws BadReference, and the SDK's errors. */
export async function costReport(pattern: string, options: Options, tools: Tools): Promise<Output> {
  const isOne = pattern !== '' && !pattern.includes('*');
  const {
    name = '',
    account = options.account,
    region = options.region,
  } = isOne ? parseReference(pattern) : {};
  if (!isOne && account)
    throw new BadReference('--account goes with one repository: ECR lists the caller’s own only');
  const given = options.policy === undefined ? undefined : rulesIn(await readText(options.policy));
  if (given === 'unreadable')
    throw new BadReference(`${options.policy} is no policy: lifecycle preview --policy says why`);
  const ecr = storedImagesIn(region);
  return withRights(NEEDS, async () => {
    const names = isOne ? [name] : (await ecr.listNames()).filter((it) => matchesGlob(pattern || '*', it));
    const costs: RepositoryCost[] = [];
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE).map((it) => costOf(it, { account, given, ecr, tools }));
      costs.push(...(await Promise.all(some)).flatMap((it) => it ?? []));
      tools.progress(`${costs.length} of ${names.length} repositories`);
    }
    if (costs.length === 0)
      throw new BadReference(`there is no repository ${pattern || 'at all'} in this registry`);
    return told(
      costs.sort((a, b) => total(b.bytes) - total(a.bytes)),
      await ecr.region(),
    );
  });
}

interface Asked {
  readonly account: string | undefined;
  readonly given: readonly Rule[] | undefined;
  readonly ecr: StoredImages;
  readonly tools: Tools;
}

/** Undefined for a repository that is gone. */
async function costOf(
  name: string,
  { account, given, ecr, tools }: Asked,
): Promise<RepositoryCost | undefined> {
  const stored = await ecr.list({ name, account });
  if (!stored) return undefined;
  const { images } = stored;
  const rules = given ?? (await ownRules({ name, account }, ecr));
  const indexes = images.filter(({ kind }) => kind === 'index').map(({ digest }) => digest);
  const repository = { account: stored.account ?? '', region: await ecr.region(), name };
  const known = await ifDeployed(async () => listingsOf(repository, indexes, await tools.lookup()));
  const listings = 'value' in known ? known.value : new Map();
  const bytes = bytesOf(images);
  const isText = typeof rules === 'string';
  return {
    ...{ name, images: images.length, bytes },
    policy: isText ? rules : given ? 'given' : 'own',
    after: isText ? bytes : bytesAfter(evaluate(rules, images, listings, toInstant(new Date()))),
    unknownIndexes: indexes.length - listings.size,
  };
}

async function ownRules(
  of: { readonly name: string; readonly account: string | undefined },
  ecr: StoredImages,
) {
  const found = await ecr.findPolicy(of);
  return typeof found === 'string' ? 'none' : rulesIn(found.text);
}

function rulesIn(text: string): readonly Rule[] | 'unreadable' {
  const parsed = parseLifecyclePolicy(text);
  return 'errors' in parsed ? 'unreadable' : parsed.rules;
}

function told(costs: readonly RepositoryCost[], region: string): Output {
  const sum = (part: 'bytes' | 'after'): BytesByClass => ({
    standard: costs.reduce((all, it) => all + it[part].standard, 0),
    archive: costs.reduce((all, it) => all + it[part].archive, 0),
  });
  const [bytes, after] = [sum('bytes'), sum('after')];
  const images = costs.reduce((all, it) => all + it.images, 0);
  const unknown = costs.reduce((all, it) => all + it.unknownIndexes, 0);
  return {
    exit: EXIT.found,
    lines: [
      ...columns([
        ['repository', 'images', 'standard', 'archive', 'a month', 'policy', 'saves'],
        ...costs.map((it) => cells(it.name, it, it.policy)),
        cells('all', { images, bytes, after }, ''),
      ]),
      ...notes(region, unknown),
    ],
    document: {
      ...{ schema: SCHEMA, region, prices: PRICES, isUpperBound: true, unknownIndexes: unknown },
      repositories: costs.map((it) => ({ ...it, ...usd(it) })),
      total: { images, bytes, after, ...usd({ bytes, after }) },
    },
  };
}

function usd({ bytes, after }: Pick<RepositoryCost, 'bytes' | 'after'>) {
  const usdPerMonth = monthlyPrice(bytes);
  return { usdPerMonth, savesUsdPerMonth: usdPerMonth - monthlyPrice(after) };
}

function cells(
  name: string,
  it: Pick<RepositoryCost, 'images' | 'bytes' | 'after'>,
  policy: string,
): readonly string[] {
  const { usdPerMonth, savesUsdPerMonth } = usd(it);
  const freed = bytesText(total(it.bytes) - total(it.after));
  const [standard, archive] = [bytesText(it.bytes.standard), bytesText(it.bytes.archive)];
  const isNone = policy === 'none' || policy === 'unreadable';
  const saves = isNone ? '-' : `$${savesUsdPerMonth.toFixed(2)}, ${freed}`;
  return [name, String(it.images), standard, archive, `$${usdPerMonth.toFixed(2)}`, policy, saves];
}

function notes(region: string, unknownIndexes: number): readonly string[] {
  return [
    '',
    row(
      'at most',
      'layers that images share are counted for each image; ECR keeps them once in a repository',
    ),
    row(
      'price',
      `$${PRICES.standardPerGb} a GB and month, ${PRICES.region}, as of ${PRICES.checkedOn}${region === PRICES.region ? '' : `; not checked for ${region}`}; the archive costs the same up to 150 TB`,
    ),
    ...(unknownIndexes > 0
      ? [
          row(
            'BOUND',
            `what ${unknownIndexes} indexes list is not known: policies may save less than is said`,
          ),
        ]
      : []),
  ];
}
