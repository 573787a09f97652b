import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '../../lib/image/digest.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { type Instant, toInstant } from '../../lib/instant.ts';
import type { StoredImage } from '../../lib/lifecycle/stored-image.ts';

export const NOW = '2026-11-20T12:00:00.000Z' as Instant;
const DAY_MS = 86_400_000;

/** An instant so many days before `NOW`. */
export function daysAgo(days: number): Instant {
  return toInstant(new Date(Date.parse(NOW) - days * DAY_MS));
}

/** The digest of a name, so that tests can say `A`. */
export function named(name: string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(name).digest('hex')}`);
}

/** An image by its name, pushed so many days before `NOW`. */
export function stored(
  name: string,
  tags: readonly string[],
  pushedDaysAgo: number,
  more: Partial<StoredImage> = {},
): StoredImage {
  return {
    ...{ digest: named(name), kind: 'image', tags: tags.map(untrusted), sizeBytes: 1_000_000 },
    ...{ storageClass: 'standard', pushedAt: daysAgo(pushedDaysAgo) },
    ...more,
  };
}

/** A policy's text of rules without what tests do not care about. */
export function policyText(...rules: readonly object[]): string {
  return JSON.stringify({
    rules: rules.map((rule, nth) => ({ rulePriority: nth + 1, action: { type: 'expire' }, ...rule })),
  });
}
