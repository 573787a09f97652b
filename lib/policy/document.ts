import type { Instant } from '../instant.ts';
import type { Severity } from '../scan/severity.ts';
import type { DigestTime } from './digest-time.ts';
import type { IgnoreRule } from './ignore.ts';
import type { QuietHours } from './quiet-hours.ts';
import type { Route } from './route.ts';

/** What a policy file can say of all repositories, or of some. */
export interface PolicySettings extends Route {
  /** Patterns of tags that are followed. */
  readonly track?: readonly string[];
  readonly notifyAt?: Severity;
  readonly onlyFixable?: boolean;
  /** `30d`, `12h` or `never`. */
  readonly renotifyAfter?: string;
  /** `none`: though there are some for all repositories, or for more of them. */
  readonly quietHours?: QuietHours | 'none';
  readonly digest?: DigestTime | 'none';
}

/** Settings of the repositories whose name has the form of `name`. */
export interface RepositorySettings extends PolicySettings {
  readonly name: string;
}

/** A policy file that was checked. The ledger keeps it as it is. */
export interface PolicyDocument extends PolicySettings {
  readonly version: 1;
  readonly repositories?: readonly RepositorySettings[];
  readonly ignore?: readonly IgnoreRule[];
}

/** A policy that somebody applied. */
export interface AppliedPolicy {
  /** 1 for the first one. */
  readonly number: number;
  readonly document: PolicyDocument;
  /** Names the document: 32 hex characters. */
  readonly hash: string;
  readonly at: Instant;
  /** Absent where the credentials do not say. */
  readonly by?: string;
}
