import { BatchCheckLayerAvailabilityCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { type Reading, reading } from '../doctor/reading.ts';
import type { Digest } from '../image/digest.ts';
import { type IndexEntry, readManifest } from '../image/manifest-fields.ts';
import type { Repository } from '../image/reference.ts';
import { together } from '../together.ts';
import type { LayersFacts } from '../troubleshoot/facts.ts';
import { findImage } from './image.ts';
import { readManifests } from './manifests.ts';

/** The most that ECR takes at once. */
const LAYERS_AT_ONCE = 100;
const ASKS = 'ecr:BatchGetImage, ecr:BatchCheckLayerAvailability and ecr:DescribeImages';

/**
 * What a manifest names, and what of that the repository does not have: the layers and the configuration of an image,
 * the images of an index. Absent without the manifest. ECR counts the reading of a manifest as a pull.
 */
export function readLayers(
  ecr: ECRClient,
  repository: Repository,
  digest: Digest,
): Promise<Reading<LayersFacts>> {
  return reading(ASKS, async () => {
    const { manifests, unread } = await readManifests(
      ecr,
      repository,
      [digest],
      new AbortController().signal,
    );
    const [manifest] = manifests;
    if (unread[0]) throw Object.assign(new Error(unread[0].why), { name: 'unreadable' });
    const fields = manifest && readManifest(manifest);
    if (!fields) return undefined;
    if (fields.entries.length > 0) return ofIndex(ecr, repository, fields.entries);
    const named = [...(fields.config ? [fields.config] : []), ...fields.layers].map((it) => it.digest);
    return { named: named.length, missing: await missingLayers(ecr, repository, named) };
  });
}

async function ofIndex(
  ecr: ECRClient,
  repository: Repository,
  entries: readonly IndexEntry[],
): Promise<LayersFacts> {
  const found = await together(entries.map(({ digest }) => findImage(ecr, { repository, digest })));
  return {
    named: entries.length,
    missing: entries.filter((_, nth) => !found[nth]).map(({ digest, platform }) => `${digest} (${platform})`),
    platforms: entries.filter(({ isAttestation }) => !isAttestation).map(({ platform }) => platform),
  };
}

/** Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html */
async function missingLayers(
  ecr: ECRClient,
  { account, name }: Repository,
  digests: readonly Digest[],
): Promise<readonly string[]> {
  const there = new Set<string | undefined>();
  for (let from = 0; from < digests.length; from += LAYERS_AT_ONCE) {
    const { layers } = await ecr.send(
      new BatchCheckLayerAvailabilityCommand({
        registryId: account,
        repositoryName: name,
        layerDigests: digests.slice(from, from + LAYERS_AT_ONCE),
      }),
    );
    for (const { layerDigest, layerAvailability } of layers ?? [])
      if (layerAvailability === 'AVAILABLE') there.add(layerDigest);
  }
  return digests.filter((it) => !there.has(it));
}
