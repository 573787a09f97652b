// A second reading of AWS's documentation, sentence by sentence and without a thought for speed: it shares nothing with
// lib/lifecycle but the shape of an image. https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html

/** A policy as ECR takes it. */
export interface PlainPolicy {
  readonly rules: readonly PlainRule[];
}

export interface PlainRule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: 'tagged' | 'untagged' | 'any';
    readonly tagPatternList?: readonly string[];
    readonly tagPrefixList?: readonly string[];
    readonly storageClass?: 'standard' | 'archive';
    readonly countType: string;
    readonly countUnit?: 'days';
    readonly countNumber: number;
  };
  readonly action: { readonly type: 'expire' | 'transition'; readonly targetStorageClass?: 'archive' };
}

export interface PlainImage {
  readonly name: string;
  readonly tags: readonly string[];
  readonly status: 'ACTIVE' | 'ARCHIVED';
  readonly pushed: Date;
  readonly pulled?: Date;
  readonly archived?: Date;
  readonly activated?: Date;
  readonly subject?: string;
  /** Names of what it lists. */
  readonly lists: readonly string[];
}

/** What becomes of an image, and the rule that saw it first. */
export interface Outcome {
  readonly fate: 'kept' | 'expires' | 'archived';
  readonly rule?: number;
}

/** Ways to misread the documentation, to see that each of them is found. */
export interface Misreading {
  readonly keptImagesAreFree?: boolean;
  readonly marksAreNotCounted?: boolean;
  readonly anyTagIsEnough?: boolean;
  readonly listsDoNotHold?: boolean;
  readonly artifactsStay?: boolean;
  readonly classesShareClaims?: boolean;
  readonly restorationsAreIgnored?: boolean;
}

/** Evaluates a policy, the long way. */
export function naively(
  policy: PlainPolicy,
  images: readonly PlainImage[],
  now: Date,
  misread: Misreading = {},
): ReadonlyMap<string, Outcome> {
  const rules = [...policy.rules];
  rules.sort((one, other) => one.rulePriority - other.rulePriority);
  // "All rules are evaluated at the same time, regardless of rule priority."
  const seenBy = rules.map((rule) => images.filter((image) => sees(rule, image, misread)));
  const markedBy = rules.map((rule, nth) => marks(rule, seenBy[nth] ?? [], now, misread));
  if (misread.marksAreNotCounted)
    for (const [nth, rule] of rules.entries()) {
      const left = (seenBy[nth] ?? []).filter((image) => !markedBy.slice(0, nth).flat().includes(image));
      markedBy[nth] = marks(rule, left, now, misread);
    }
  // "After all rules are evaluated, they are then applied based on rule priority."
  const applied = new Map<string, Outcome>();
  for (const image of images) applied.set(image.name, apply(image, rules, seenBy, markedBy, misread));
  return settle(images, applied, misread);
}

function sees(rule: PlainRule, image: PlainImage, misread: Misreading): boolean {
  const wanted = rule.selection.storageClass === 'archive' ? 'ARCHIVED' : 'ACTIVE';
  return image.status === wanted && seesTags(rule, image, misread);
}

function seesTags({ selection }: PlainRule, image: PlainImage, misread: Misreading): boolean {
  if (selection.tagStatus === 'untagged') return image.tags.length === 0;
  if (selection.tagStatus === 'any') return true;
  const filters = [
    ...(selection.tagPatternList ?? []).map(
      (text) => new RegExp(`^${literally(text).replaceAll('\\*', '.*')}$`),
    ),
    ...(selection.tagPrefixList ?? []).map((text) => new RegExp(`^${literally(text)}`)),
  ];
  const matched = filters.filter((filter) => image.tags.some((tag) => filter.test(tag)));
  return misread.anyTagIsEnough ? matched.length > 0 : matched.length === filters.length;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}

function marks(
  { selection }: PlainRule,
  seen: readonly PlainImage[],
  now: Date,
  misread: Misreading,
): readonly PlainImage[] {
  if (selection.countType === 'imageCountMoreThan') {
    // "It should mark images, starting with the oldest, until there is N or fewer images remaining that match."
    let remaining = [...seen];
    while (remaining.length > selection.countNumber) {
      const oldest = Math.min(...remaining.map((image) => born(image, misread).getTime()));
      remaining = remaining.filter((image) => born(image, misread).getTime() !== oldest);
    }
    return seen.filter((image) => !remaining.includes(image));
  }
  return seen.filter((image) => {
    const start = beginning(selection.countType, image, misread);
    const daysOld = start ? (now.getTime() - start.getTime()) / 1000 / 60 / 60 / 24 : 0;
    return daysOld > selection.countNumber;
  });
}

/** "If an image was archived and then restored at any point in the past, the image's last_activated_at is used" */
function born({ pushed, activated }: PlainImage, { restorationsAreIgnored }: Misreading): Date {
  if (activated && !restorationsAreIgnored) return activated;
  return pushed;
}

function beginning(countType: string, image: PlainImage, misread: Misreading): Date | undefined {
  if (countType === 'sinceImagePushed') return born(image, misread);
  if (countType === 'sinceImageTransitioned') return image.archived;
  // "If an image was never pulled, the image's pushed_at_time is used instead of the last_recorded_pulltime."
  if (!image.pulled) return born(image, misread);
  // "archived and then restored …, but never pulled since the image was restored": last_activated_at
  const pulledBefore = image.activated !== undefined && image.pulled < image.activated;
  return pulledBefore ? born(image, misread) : image.pulled;
}

const FATES = { expire: 'expires', transition: 'archived' } as const;

function apply(
  image: PlainImage,
  rules: readonly PlainRule[],
  seenBy: readonly (readonly PlainImage[])[],
  markedBy: readonly (readonly PlainImage[])[],
  misread: Misreading,
): Outcome {
  for (const [nth, rule] of rules.entries()) {
    const isSeen = misread.classesShareClaims ? seesTags(rule, image, misread) : seenBy[nth]?.includes(image);
    const isMarked = markedBy[nth]?.includes(image);
    if (isMarked) return { fate: FATES[rule.action.type], rule: rule.rulePriority };
    // "An image that matches the tagging requirements of a rule cannot be expired … by a rule with a lower priority."
    if (isSeen && !misread.keptImagesAreFree) return { fate: 'kept', rule: rule.rulePriority };
  }
  return { fate: 'kept' };
}

/** Over and over, until nothing more goes: what lists an image holds it, and a subject takes its artifacts with it. */
function settle(
  images: readonly PlainImage[],
  applied: ReadonlyMap<string, Outcome>,
  misread: Misreading,
): ReadonlyMap<string, Outcome> {
  let outcomes: ReadonlyMap<string, Outcome> = new Map(
    [...applied].map(([name, it]) => [name, { ...it, fate: 'kept' }]),
  );
  for (let times = 0; times <= 3 * images.length; times++) {
    const before = outcomes;
    outcomes = new Map(images.map((image) => [image.name, again(image, images, before, applied, misread)]));
    if (images.every(({ name }) => outcomes.get(name)?.fate === before.get(name)?.fate)) return outcomes;
  }
  throw new Error('it does not settle');
}

function again(
  image: PlainImage,
  images: readonly PlainImage[],
  outcomes: ReadonlyMap<string, Outcome>,
  applied: ReadonlyMap<string, Outcome>,
  misread: Misreading,
): Outcome {
  const own = applied.get(image.name) ?? { fate: 'kept' };
  // "it cannot be expired or archived without the manifest list being deleted or archived first"
  const lists = images.filter((it) => it.lists.includes(image.name) && it.status === 'ACTIVE');
  const isHeld = lists.some((it) => outcomes.get(it.name)?.fate === 'kept');
  if (isHeld && !misread.listsDoNotHold) return { ...own, fate: 'kept' };
  // "automatically expire or archive those artifacts within 24 hours of the deletion or archival of the subject image"
  const subject = image.subject && !misread.artifactsStay ? outcomes.get(image.subject)?.fate : 'kept';
  if (subject === 'expires') return { ...own, fate: 'expires' };
  const follows = subject === 'archived' && own.fate === 'kept' && image.status === 'ACTIVE';
  return follows ? { ...own, fate: 'archived' } : own;
}
