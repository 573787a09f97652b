import type { CommitHit, DigestHits, NamedRepository } from '../image/found.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image, Repository } from '../image/reference.ts';
import type { TagEvent, TagName } from '../image/tag-event.ts';
import type { Instant } from '../instant.ts';
import type { ScanFact } from '../scan/scan.ts';
import type { ScanFindings } from '../scan/scan-findings.ts';
import type { Running, Together } from '../workload/running.ts';
import type { RunPorts } from './run-ports.ts';

/** What the on-call questions read. Nothing here needs a function, a queue or ECR to be up. */
export interface LookupPorts extends RunPorts {
  readonly now: () => Date;
  readonly findRepositories: (name: string) => Promise<readonly NamedRepository[]>;
  readonly loadHistory: (
    name: TagName,
    range: { readonly at: Instant; readonly limit: number },
  ) => Promise<readonly TagEvent[]>;
  readonly loadNextEvent: (name: TagName, after: Instant) => Promise<TagEvent | undefined>;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly loadLatestScan: (image: Image) => Promise<ScanFact | undefined>;
  /** Images, runs, and when a repository was verified, in one request. */
  readonly loadTogether: (
    images: readonly Image[],
    more?: { readonly repository?: Repository | undefined; readonly running?: readonly Running[] },
  ) => Promise<Together>;
  /** By the first 4 to 64 hex characters. */
  readonly findByCommit: (prefix: string) => Promise<readonly CommitHit[]>;
  /** By the first 8 to 64 hex characters. */
  readonly findByDigest: (prefix: string) => Promise<DigestHits>;
  readonly loadScanFindings: (image: Image) => Promise<ScanFindings | undefined>;
}
