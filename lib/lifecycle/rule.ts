/** Where ECR keeps an image: archived ones cannot be pulled. */
export type StorageClass = 'standard' | 'archive';

/** Which tags an image must have for a rule to take it; several prefixes or patterns must all match. */
export type TagSelection =
  | { readonly status: 'any' }
  | { readonly status: 'untagged' }
  | { readonly status: 'tagged'; readonly patterns: readonly string[] }
  | { readonly status: 'tagged'; readonly prefixes: readonly string[] };

/** What makes an image that a rule takes go: its age since an event, or newer ones that it takes. */
export type Criterion =
  | { readonly by: 'count'; readonly keeps: number }
  | { readonly by: 'age'; readonly since: 'pushed' | 'pulled' | 'archived'; readonly days: number };

/** One rule of a lifecycle policy, as it works. */
export interface Rule {
  /** Lower goes first; no two rules of a policy have the same. */
  readonly priority: number;
  readonly description?: string;
  /** It takes images of this class only. */
  readonly storageClass: StorageClass;
  readonly tags: TagSelection;
  readonly criterion: Criterion;
  readonly action: 'expire' | 'archive';
}
