import { type Instant, toInstant } from '../instant.ts';
import type { Criterion } from './rule.ts';
import type { StoredImage } from './stored-image.ts';

const DAY_MS = 86_400_000;
/** The end of the years that an instant can name; what is due later is never due. */
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * What counts as the push of an image: "If an image was archived and then restored at any point in the past, the
 * image's last_activated_at is used instead of pushed_at_time."
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
export function newestOf({ pushedAt, restoredAt }: StoredImage): Instant {
  return restoredAt ?? pushedAt;
}

/** When an image becomes too old; undefined for never. */
export function dueAt(
  { since, days }: Extract<Criterion, { by: 'age' }>,
  image: StoredImage,
): Instant | undefined {
  const from = startOf(since, image);
  const dueMs = from === undefined ? Number.POSITIVE_INFINITY : Date.parse(from) + days * DAY_MS;
  return dueMs <= LAST_MS ? toInstant(new Date(dueMs)) : undefined;
}

/**
 * Never pulled: since its push; restored and not pulled since: since its restoration. An archived image without the
 * time of that is never due: AWS does not say when it would be.
 */
function startOf(since: 'pushed' | 'pulled' | 'archived', image: StoredImage): Instant | undefined {
  if (since === 'archived') return image.archivedAt;
  if (since === 'pushed') return newestOf(image);
  const { pulledAt, restoredAt } = image;
  return pulledAt !== undefined && (restoredAt === undefined || pulledAt >= restoredAt)
    ? pulledAt
    : newestOf(image);
}
