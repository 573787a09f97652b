import type { RuleFacts, ScanningFacts } from '../doctor/facts.ts';
import type { Reading } from '../doctor/reading.ts';
import type { ImagePage, Page } from '../image/listed-image.ts';
import type { Image, Repository } from '../image/reference.ts';
import type { ScanPeek } from '../scan/peek.ts';
import type { Running, Together } from '../workload/running.ts';
import type { RepositorySettings } from './settings.ts';

/** What the audit reads of one repository. Nothing here writes; each is one call to AWS, which the adapter paces. */
export interface RepositoryPorts {
  readonly now: () => Date;
  readonly listImages: (repository: Repository, nextToken?: string) => Promise<ImagePage>;
  readonly readLifecycle: (repository: Repository) => Promise<Reading<true>>;
  readonly readPolicy: (repository: Repository) => Promise<Reading<string>>;
  readonly peekScan: (image: Image) => Promise<ScanPeek>;
  readonly loadRunning: (repository: Pick<Repository, 'name'>) => Promise<readonly Running[]>;
  readonly loadTogether: (
    images: readonly Image[],
    more?: { readonly running?: readonly Running[] },
  ) => Promise<Together>;
}

/** And of the whole registry. */
export interface AuditPorts extends RepositoryPorts {
  readonly listSettings: (nextToken?: string) => Promise<Page<RepositorySettings>>;
  readonly readScanning: () => Promise<Reading<ScanningFacts>>;
  /** Undefined for a registry of another account: the rules are where the deployment is. */
  readonly readRule: ((name: string) => Promise<Reading<RuleFacts>>) | undefined;
}
