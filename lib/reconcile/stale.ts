import type { ListedImage } from '../image/listed-image.ts';
import type { Image, Repository } from '../image/reference.ts';
import { isReferrerTag } from '../image/tag-form.ts';
import { toInstant } from '../instant.ts';
import { formatOwnHint } from '../intake/own-hint.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import { NEWEST_PUSH, type Policy, trackedReferences } from '../policy/policy.ts';
import { together } from '../together.ts';
import { newestOf } from './newest.ts';
import type { ReconcilePorts } from './ports.ts';

type Baselines = ReadonlyMap<string, Pick<OpenFindings, 'digest' | 'policyMark'>>;

/**
 * Sends a hint for each image that people follow and that was last seen under another policy than the one that holds
 * now: somebody applied one, or a rule expired. And for what is followed only since then, where its scan is on record.
 * Returns how many. Nothing is remembered: what was not answered yet is sent again by the next walk, which changes
 * nothing.
 */
export async function rereadStale(
  repository: Repository,
  images: readonly ListedImage[],
  ports: ReconcilePorts,
): Promise<number> {
  const [policy, baselines] = await together([ports.policyOf(repository), ports.loadBaselines(repository)]);
  const subjects = images.filter(
    ({ kind, tags, isArchived }) =>
      !isArchived && (kind === 'image' || kind === 'index') && tags.some((tag) => !isReferrerTag(tag)),
  );
  const newest = newestOf(subjects);
  const stale = await together(
    subjects.map(async (listed) => {
      const references = trackedReferences(listed.tags, policy).filter(
        (it) => it !== NEWEST_PUSH || listed === newest,
      );
      return (await isStale(listed.image, references, { policy, baselines }, ports)) ? [listed.image] : [];
    }),
  );
  const at = toInstant(ports.now());
  const hints = stale.flat().map((image) => {
    const id = `policy-${policy.mark ?? 'default'}-${image.digest.slice('sha256:'.length, 39)}`;
    return formatOwnHint({ image, id, at, isRetag: true });
  });
  await ports.sendScans(hints);
  return hints.length;
}

async function isStale(
  image: Image,
  references: readonly string[],
  { policy, baselines }: { readonly policy: Policy; readonly baselines: Baselines },
  ports: ReconcilePorts,
): Promise<boolean> {
  const known = references.flatMap((it) => baselines.get(it) ?? []);
  if (known.some((it) => it.digest === image.digest && it.policyMark !== policy.mark)) return true;
  return known.length < references.length && (await ports.loadLatestScan(image)) !== undefined;
}
