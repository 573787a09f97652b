import type { Reading } from '../doctor/reading.ts';
import type { Digest } from '../image/digest.ts';
import type { Repository } from '../image/reference.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import type { Direction } from './cause.ts';

/** What is looked into. */
export interface Question {
  readonly direction: Direction;
  /** Without an account, in the caller's. */
  readonly account?: string | undefined;
  readonly region: string;
  /** Where the caller's own commands go, when that is known. */
  readonly ownRegion?: string | undefined;
  readonly name: string;
  readonly tag: string;
  /** Goes before the tag. */
  readonly digest?: Digest | undefined;
  /** The ARN of the role that pushes or pulls; without it the caller does. */
  readonly role?: string | undefined;
  /** The VPC that it happens in; without it on this machine. */
  readonly vpc?: string | undefined;
  /** Whether the manifest may be read, which counts as a pull. */
  readonly readsLayers: boolean;
  readonly platform?: string | undefined;
}

export interface CallerFacts {
  readonly account: string;
  readonly arn: string;
}

/** What docker on this machine has for a registry: nothing, a token of ECR's, something else, or a program that knows. */
export type LoginFacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'password' }
  | { readonly kind: 'token'; readonly endsAt: Instant }
  | { readonly kind: 'program'; readonly program: Untrusted };

/** What came of connecting to port 443 of a host. */
export interface ConnectionFacts {
  readonly host: string;
  /** Empty when the name does not resolve. */
  readonly addresses: readonly string[];
  /** All of the addresses are of a private network: an endpoint, not the internet. */
  readonly isPrivate: boolean;
  /** Why there is no connection, as Node's code: `ETIMEDOUT`; absent when there is one. */
  readonly error?: string;
  /** A proxy is set for HTTPS, which was not used here and which docker may use. */
  readonly isProxied?: boolean;
}

export interface RepositoryFacts {
  readonly mutability: string;
  /** Wildcards of tags that are the other way round. */
  readonly exclusions: readonly string[];
  /** The repository's own key. */
  readonly key?: string;
}

export interface ImageFacts {
  readonly digest: Digest;
  readonly status: string;
  readonly sizeBytes: number;
  readonly pushedAt: Instant;
}

/** What the manifest names, and what of it is not there. */
export interface LayersFacts {
  readonly named: number;
  readonly missing: readonly string[];
  /** Of an index. */
  readonly platforms?: readonly string[];
}

/** What IAM says of one action. `missing`: values of conditions that were not known to it. */
export interface RightFacts {
  readonly action: string;
  readonly isAllowed: boolean;
  readonly because?: 'a deny' | 'the organization' | 'the permissions boundary';
  readonly missing: readonly string[];
}

export interface RightsFacts {
  /** The ARN of the user or role that was asked about; of a session, its role's. */
  readonly principal: string;
  readonly rights: readonly RightFacts[];
}

export interface EndpointFacts {
  readonly id: string;
  readonly service: string;
  readonly type: string;
  readonly state: string;
  readonly hasPrivateDns: boolean;
  readonly routeTables: readonly string[];
  /** JSON text. */
  readonly policy?: string;
}

export interface RouteTableFacts {
  readonly id: string;
  /** The subnets that it is for; of the main table, all that name none. */
  readonly subnets: readonly string[];
  /** Where 0.0.0.0/0 leads to, as `nat-…` or `igw-…`; absent where nothing leads out. */
  readonly wayOut?: string;
}

export interface VpcFacts {
  readonly endpoints: readonly EndpointFacts[];
  readonly routeTables: readonly RouteTableFacts[];
}

/** What is free where docker keeps images. */
export interface DiskFacts {
  readonly path: string;
  readonly freeBytes: number;
}

/** What the lineage knows of a name that the registry does not have. */
export interface PastFacts {
  /** Registries where a repository of this name was seen. */
  readonly elsewhere: readonly Repository[];
  readonly deletedAt?: Instant;
  readonly deletedBy?: Untrusted;
  /** What the tag pointed to before. */
  readonly was?: Digest;
}

/** How everything is asked. Nothing here writes, but `readLayers`, which ECR counts as a pull. */
export interface TroublePorts {
  readonly readCaller: () => Promise<Reading<CallerFacts>>;
  /** When a token that would be given out now would end. */
  readonly readToken: () => Promise<Reading<Instant>>;
  readonly readLogin: (host: string) => Promise<Reading<LoginFacts>>;
  readonly connect: (host: string) => Promise<ConnectionFacts>;
  readonly readRepository: (repository: Repository) => Promise<Reading<RepositoryFacts>>;
  readonly listNames: (account: string) => Promise<Reading<readonly string[]>>;
  /** Prefixes of the names that come into being by a push, or by a pull from a cache; `ROOT` is all. */
  readonly readMakers: (direction: Direction) => Promise<Reading<readonly string[]>>;
  readonly readPolicy: (repository: Repository) => Promise<Reading<string>>;
  readonly readRights: (
    principal: string,
    actions: readonly string[],
    resource: string,
  ) => Promise<Reading<RightsFacts>>;
  /** The state of a key: `Enabled`. */
  readonly readKey: (key: string) => Promise<Reading<string>>;
  readonly readImage: (repository: Repository, reference: ImageReference) => Promise<Reading<ImageFacts>>;
  readonly listTags: (repository: Repository) => Promise<Reading<readonly string[]>>;
  readonly readLayers: (repository: Repository, digest: Digest) => Promise<Reading<LayersFacts>>;
  readonly readVpc: (vpc: string) => Promise<Reading<VpcFacts>>;
  readonly readDisk: () => Promise<Reading<DiskFacts>>;
  readonly recall: (repository: Repository, tag: string) => Promise<Reading<PastFacts>>;
}

export interface ImageReference {
  readonly tag: string;
  readonly digest?: Digest | undefined;
}

/** Everything that was asked; what is undefined is nothing to this question. */
export interface Facts {
  readonly caller: Reading<CallerFacts>;
  readonly token: Reading<Instant>;
  readonly login: Reading<LoginFacts> | undefined;
  readonly api: ConnectionFacts | undefined;
  readonly dkr: ConnectionFacts | undefined;
  readonly s3: ConnectionFacts | undefined;
  readonly vpc: Reading<VpcFacts> | undefined;
  readonly repository: Reading<RepositoryFacts>;
  readonly names: Reading<readonly string[]> | undefined;
  readonly makers: Reading<readonly string[]> | undefined;
  readonly policy: Reading<string>;
  readonly rights: Reading<RightsFacts>;
  /** Of a role; what the caller may is known by asking for a token. */
  readonly tokenRight: Reading<RightsFacts> | undefined;
  readonly key: Reading<string> | undefined;
  readonly image: Reading<ImageFacts>;
  readonly tags: Reading<readonly string[]> | undefined;
  readonly layers: Reading<LayersFacts> | undefined;
  readonly disk: Reading<DiskFacts> | undefined;
  readonly past: Reading<PastFacts> | undefined;
}

/** What was asked, and where the repository is; without an account when nobody knows it. */
export interface Examination {
  readonly question: Question;
  readonly repository: Repository | undefined;
  readonly facts: Facts;
}
