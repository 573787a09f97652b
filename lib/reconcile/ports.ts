import type { Digest } from '../image/digest.ts';
import type { ImagePage, RepositoryPage } from '../image/listed-image.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image, Repository, Tag } from '../image/reference.ts';
import type { TagName } from '../image/tag-event.ts';
import type { TagHead, TagHint } from '../image/tag-head.ts';
import type { Verification } from '../image/verification.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import type { Policy } from '../policy/policy.ts';
import type { ScanHintMark } from '../scan/hint-mark.ts';
import type { ScanPeek } from '../scan/peek.ts';
import type { ScanFact } from '../scan/scan.ts';

/** How long what may still come is left alone. */
export interface ReconcilePatience {
  /** For the event of what has just happened. */
  readonly graceSeconds: number;
  /** For the first scan of a pushed image; then it is called overdue. 0: never. */
  readonly overdueSeconds: number;
}

/** What the registry answers; each of these is one call to AWS. */
interface RegistryPorts {
  /** One page of the repositories of an account, by default our own. */
  readonly listRepositories: (account: string | undefined, nextToken?: string) => Promise<RepositoryPage>;
  readonly listImages: (repository: Repository, nextToken?: string) => Promise<ImagePage>;
  readonly peekScan: (image: Image) => Promise<ScanPeek>;
}

/** What the reconciler needs from outside. */
export interface ReconcilePorts extends RegistryPorts {
  readonly now: () => Date;
  /** Resolves when the registry may be asked once more. */
  readonly pace: () => Promise<void>;
  /** What holds for a repository now. */
  readonly policyOf: (repository: Repository) => Promise<Policy>;
  /** What was last seen on each of a repository's references. */
  readonly loadBaselines: (
    repository: Repository,
  ) => Promise<ReadonlyMap<string, Pick<OpenFindings, 'digest' | 'policyMark'>>>;
  readonly patience: ReconcilePatience;
  /** Whose registries are walked beside our own. */
  readonly members: readonly string[];
  readonly loadHeads: (repository: Repository) => Promise<ReadonlyMap<Tag, TagHead>>;
  readonly saveTagHint: (name: TagName, hint: TagHint) => Promise<void>;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly findParents: (image: Image) => Promise<readonly Digest[]>;
  readonly loadLatestScan: (image: Image) => Promise<ScanFact | undefined>;
  readonly loadScanHint: (image: Image) => Promise<ScanHintMark | undefined>;
  readonly saveScanHint: (image: Image, hint: ScanHintMark) => Promise<void>;
  readonly loadVerification: (repository: Repository) => Promise<Verification | undefined>;
  readonly saveVerification: (repository: Repository, verification: Verification) => Promise<void>;
  readonly loadCursor: () => Promise<string | undefined>;
  readonly saveCursor: (after: string | undefined) => Promise<void>;
  /** Put messages into the queue for pushes or for scans; when they resolve, SQS has them. */
  readonly sendPushes: (bodies: readonly string[]) => Promise<void>;
  readonly sendScans: (bodies: readonly string[]) => Promise<void>;
}
