import { ECRClient } from '@aws-sdk/client-ecr';
import type { Digest } from '../image/digest.ts';
import type { Image } from '../image/reference.ts';
import { allPages } from '../reconcile/pages.ts';
import { findIndex } from '../registry/image.ts';
import { findLifecyclePolicy } from '../registry/lifecycle-policy.ts';
import { listRepositories } from '../registry/list.ts';
import { listStoredImages, type RepositoryName, type Stored } from '../registry/stored-images.ts';
import { inRegion } from './caller.ts';

// The composition root of what looks at whole repositories: ECR, with the caller's own credentials.

/** Thousands of calls may be needed, and others ask ECR too: after a refusal the SDK itself goes slower. */
const PACED = {
  ...{ maxAttempts: 10, retryMode: 'adaptive' },
  requestHandler: { connectionTimeout: 2000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** One region's registry, as far as whole repositories are concerned. */
export interface StoredImages {
  readonly region: () => Promise<string>;
  readonly listNames: () => Promise<readonly string[]>;
  readonly list: (name: RepositoryName, onPage?: (soFar: number) => void) => Promise<Stored | undefined>;
  readonly findPolicy: (name: RepositoryName) => ReturnType<typeof findLifecyclePolicy>;
  /** Counts as a pull of the index. */
  readonly listedBy: (index: Image) => Promise<readonly Digest[] | undefined>;
}

export function storedImagesIn(region: string | undefined): StoredImages {
  const ecr = new ECRClient(inRegion(region, PACED));
  return {
    region: () => ecr.config.region(),
    listNames: async () => (await allPages((token) => listRepositories(ecr, token))).map(({ name }) => name),
    list: (name, onPage) => listStoredImages(ecr, name, onPage),
    findPolicy: (name) => findLifecyclePolicy(ecr, name),
    async listedBy(index) {
      const found = await findIndex(ecr, index);
      return found && [...found.platforms.map(({ digest }) => digest), ...found.attestations];
    },
  };
}
