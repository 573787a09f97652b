// Made from docs/openapi.json by npm run docs:api.

/** What `scan-response who --json` says of an image, a digest or a commit; for a service or a vulnerability it is the document of that command. A later v1 may add properties: ignore the ones you do not know. */
export type Who = (Answer & ({ readonly schema: "scan-response.who/v1"; readonly reference: string; readonly part?: string; readonly doubts: readonly ("commit-unknown" | "commit-unverified" | "commit-conflict" | "commit-dirty" | "same-second" | "history-gap" | "time-guessed")[]; readonly links: Links; readonly findings?: readonly (Finding)[]; readonly areFindingsWhole?: boolean; })) | { readonly schema: "scan-response.who/v1"; readonly reference: string; readonly found: "commit"; readonly commit: Commit; readonly images: readonly (KnownImage)[]; readonly maybe: readonly (KnownImage)[]; readonly links: Links; } | { readonly schema: "scan-response.who/v1"; readonly sha?: Commit; readonly digest?: Digest; readonly url?: string; } | Failure;

/** What `scan-response history --json` says. A later v1 may add properties: ignore the ones you do not know. */
export type History = ({ readonly schema: "scan-response.history/v1"; readonly reference: string; readonly found: "one"; readonly repository: Repository; readonly tag: string; readonly entries: readonly ({ readonly op: "push" | "delete"; readonly at: Instant; readonly digest?: Digest; readonly provenance?: Provenance; readonly window?: Window; })[]; readonly verification?: Verification; readonly images?: readonly ({ readonly digest: Digest; readonly scan?: Scan; readonly runs: readonly (Run)[]; })[]; }) | Failure;

/** What `scan-response diff --json` says. A later v1 may add properties: ignore the ones you do not know. */
export type Diff = ({ readonly schema: "scan-response.diff/v1"; readonly references: readonly (string)[]; readonly found: "one"; readonly from: Answer; readonly to: Answer; readonly isSameImage: boolean; readonly isSameCommit?: boolean; readonly links: Links; readonly scans?: { readonly appeared: readonly ({ readonly id: string; readonly severity: string; })[]; readonly gone: readonly ({ readonly id: string; readonly severity: string; })[]; readonly doubt?: "another-scanner" | "list-incomplete"; }; }) | Failure;

/** What `scan-response service --json` says. A later v1 may add properties: ignore the ones you do not know. */
export type Service = { readonly schema: "scan-response.service/v1"; readonly reference: string; readonly found: "one"; readonly workload: { readonly [name: string]: unknown }; readonly at: Instant; readonly ran: readonly (Run)[]; readonly before: readonly (Run)[]; readonly bounds: { readonly runsLookedAt: number; readonly isWhole: boolean; readonly earliest?: Instant; }; } | Failure;

/** What `scan-response cve --json` says. A later v1 may add properties: ignore the ones you do not know. */
export type Cve = { readonly schema: "scan-response.cve/v1"; readonly reference: string; readonly found: "one"; readonly id: string; readonly period?: { readonly from: Instant; readonly to: Instant; }; readonly repositories: readonly ({ readonly [name: string]: unknown })[]; readonly images: readonly ({ readonly [name: string]: unknown })[]; readonly services: readonly (Run)[]; readonly elsewhere: readonly (Run)[]; readonly bounds: {  }; } | Failure;

/** What `scan-response repositories --json` says. A later v1 may add properties: ignore the ones you do not know. */
export type Repositories = ({ readonly schema: "scan-response.repositories/v1"; readonly found: "list"; readonly at: Instant; readonly repositories: readonly ({ readonly repository: Repository; readonly standing: "runs-critical" | "critical" | "not-scanned" | "waiting" | "scanned" | "unknown"; readonly references: readonly ({ readonly reference: string; readonly digest: Digest; readonly since: Instant; readonly state: "scanned" | "not-scanned" | "waiting"; readonly status?: string; readonly openSince?: Instant; readonly scanType?: "basic" | "enhanced"; readonly counts?: { readonly [name: string]: number }; readonly fixable?: { readonly [name: string]: number }; readonly ignored?: { readonly [name: string]: number }; readonly unknown?: readonly (string)[]; readonly before?: { readonly digest: Digest; readonly scanType?: "basic" | "enhanced"; readonly counts?: { readonly [name: string]: number }; readonly fixable?: { readonly [name: string]: number }; readonly ignored?: { readonly [name: string]: number }; readonly unknown?: readonly (string)[]; }; readonly provenance?: Provenance; })[]; readonly running: readonly ({ readonly digest: Digest; readonly reference?: string; readonly services: readonly ({ readonly account: string; readonly region: string; readonly cluster: string; readonly name: string; readonly tasks: number; })[]; readonly scanType?: "basic" | "enhanced"; readonly counts?: { readonly [name: string]: number }; readonly fixable?: { readonly [name: string]: number }; readonly ignored?: { readonly [name: string]: number }; readonly unknown?: readonly (string)[]; })[]; readonly lastPushAt?: Instant; readonly verification?: Verification; readonly history: "verified" | "late" | "never"; readonly isWhole: boolean; })[]; readonly audit?: { readonly finishedAt: Instant; readonly counts: readonly ({ readonly account: string; readonly region: string; readonly check: string; readonly severity: string; readonly count: number; })[]; }; readonly next?: string; }) | Failure;

/** What the console and the HTTP API answer to a question that could not be asked. A later v1 may add properties: ignore the ones you do not know. */
export type Refusal = { readonly schema: "scan-response.refusal/v1"; readonly error: string; readonly kind: "usage" | "ambiguous-time" | "backend"; readonly readings?: readonly (string)[]; };

/** UTC, always of this width: it sorts as text. */
export type Instant = string;

export type Digest = string;

export type Commit = string;

export type Repository = { readonly account: string; readonly region: string; readonly name: string; };

/** How strongly it is known, the strongest first. */
export type Tier = "signed" | "builder" | "signed-unverified" | "client-hint" | "annotation" | "label" | "declared" | "tag-full" | "tag-short";

export type Evidence = { readonly commit: Commit; readonly tier: Tier; readonly source: { readonly from: string; readonly tag?: string; readonly at?: Instant; readonly by?: string; readonly document?: Digest; readonly field?: string; }; readonly repoUrl?: string; readonly ref?: string; readonly directory?: string; readonly isDirty?: true; readonly buildUrl?: string; readonly doubt?: string; };

export type Provenance = { readonly best: Evidence; readonly conflicts: readonly (Evidence)[]; };

export type Gap = { readonly notBefore: Instant; readonly notAfter: Instant; readonly why: "unverified" | "recent"; };

export type Window = { readonly notBefore?: Instant; readonly notAfter: Instant; };

export type Verification = { readonly verifiedAt: Instant; readonly since: Instant; readonly settledBefore?: Instant; };

export type Links = { readonly commit?: string; readonly compare?: string; readonly build?: string; };

export type Image = { readonly kind: string; readonly pushedAt: Instant; readonly tags: readonly (string)[]; readonly platforms: readonly ({ readonly digest: Digest; readonly platform: string; })[]; readonly attestations: readonly (Digest)[]; readonly evidence?: readonly (Evidence)[]; readonly marks: readonly ({ readonly op: "delete" | "archive" | "restore"; readonly at: Instant; })[]; };

export type Scan = { readonly type: string; readonly completedAt?: Instant; readonly counts: { readonly [name: string]: number }; readonly platforms: readonly ({ readonly [name: string]: unknown })[]; readonly short?: readonly (string)[]; };

export type KnownImage = { readonly repository: Repository; readonly digest: Digest; readonly tags: readonly (string)[]; readonly pushedAt?: Instant; readonly provenance?: Provenance; readonly repoUrl?: string; };

export type Run = { readonly workload: {  }; readonly deployment: string; readonly taskDefinition: string; readonly startedAt: Instant; readonly lastStoppedAt?: Instant; readonly digest?: Digest; readonly tasks?: number; };

export type Answer = { readonly found: "one"; readonly repository: Repository; readonly at: Instant; readonly digest: Digest; readonly tag?: string; readonly since?: Instant; readonly until?: Instant; readonly window?: Window; readonly tied?: readonly (Digest | "deleted")[]; readonly previous?: { readonly digest: Digest; readonly provenance?: Provenance; readonly repoUrl?: string; }; readonly archivedAt?: Instant; readonly deletedAt?: Instant; readonly image?: Image; readonly provenance?: Provenance; readonly repoUrl?: string; readonly scan?: Scan; readonly running?: readonly (Run)[]; readonly verification?: Verification; readonly gaps: readonly (Gap)[]; };

/** Not found, or ambiguous and then with the candidates. The exit code tells them apart: 2 and 3. */
export type Failure = { readonly schema: string; readonly error: string; readonly hint?: string; readonly candidates?: readonly ({ readonly [name: string]: unknown })[]; readonly images?: readonly (KnownImage)[]; readonly commits?: readonly ({ readonly commit: Commit; readonly images: readonly (KnownImage)[]; })[]; readonly readings?: readonly ({ readonly as: string; readonly document: { readonly [name: string]: unknown }; })[]; };

export type Finding = { readonly id: string; readonly severity: string; readonly packages?: readonly ({ readonly name: string; readonly version: string; readonly fixedIn?: string; })[]; readonly platforms?: readonly (string)[]; readonly score?: number; readonly fix?: "all" | "some" | "none"; };

/** What API Gateway says itself. */
export type Message = { readonly message: string; };

/** What each question takes and gives. */
export interface Questions {
  readonly who: { readonly parameters: { readonly reference: string; readonly at?: string; readonly tz?: string; readonly fold?: "1" | "2"; readonly account?: string; readonly region?: string; readonly as?: "reference" | "digest" | "commit" | "service" | "cve"; readonly findings?: boolean; }; readonly document: Who | Service | Cve };
  readonly history: { readonly parameters: { readonly reference: string; readonly limit?: number; readonly details?: boolean; readonly at?: string; readonly tz?: string; readonly fold?: "1" | "2"; readonly account?: string; readonly region?: string; readonly cursor?: string; }; readonly document: History };
  readonly diff: { readonly parameters: { readonly older: string; readonly newer: string; readonly account?: string; readonly region?: string; readonly tz?: string; readonly fold?: "1" | "2"; }; readonly document: Diff };
  readonly service: { readonly parameters: { readonly reference: string; readonly at?: string; readonly tz?: string; readonly fold?: "1" | "2"; readonly account?: string; readonly region?: string; }; readonly document: Service };
  readonly cve: { readonly parameters: { readonly reference: string; readonly from?: string; readonly to?: string; readonly tz?: string; readonly fold?: "1" | "2"; }; readonly document: Cve };
  readonly repositories: { readonly parameters: { readonly reference: string; readonly account?: string; readonly region?: string; readonly limit?: number; readonly after?: string; readonly tz?: string; }; readonly document: Repositories };
}
