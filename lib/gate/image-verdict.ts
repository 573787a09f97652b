import type { ImageKind } from '../image/manifest.ts';
import type { Provenance } from '../image/provenance.ts';
import { type Image, repositoryKey, type Tag } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { fingerprint, scanKey } from '../scan/compare.ts';
import type { PlatformReading } from '../scan/merge.ts';
import type { PlatformState } from '../scan/scan.ts';
import { type Judgement, judge, type Question } from './judge.ts';

/** The detail type of the event; its source is `scan-response`. */
export const IMAGE_VERDICT = 'Image Verdict';

/** An image whose scan was answered. */
export interface AnsweredImage {
  readonly image: Image;
  readonly kind: ImageKind;
  readonly tags: readonly Tag[];
  /** The tracked references that it stands for. */
  readonly references: readonly string[];
  readonly pushedAt: Instant;
  readonly provenance?: Provenance;
  readonly readings: readonly PlatformReading[];
}

/** The detail of the event: docs/image-verdict.schema.json. */
export type ImageVerdict = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly verdict: Judgement['verdict'];
};

/** An entry of EventBridge holds 256 KB, and an image may have 1,000 tags: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MOST_NAMES = 100;
const MOST_PLATFORMS = 50;

/**
 * What a pipeline hears of an image: names that passed their grammars, numbers and words of ours. The id is the same
 * for the same image, scan, limits and verdict, whoever works it out and how often.
 */
export function imageVerdict(answered: AnsweredImage, question: Question): ImageVerdict {
  const { image, kind, tags, references, pushedAt, provenance, readings } = answered;
  const { repository, digest } = image;
  const { verdict, scan, platforms, doubts } = judge(kind, readings, question);
  const read = scan ? scanKey(scan) : platforms.map(({ state, status }) => `${state} ${status}`).join();
  const { limits } = question;
  return {
    schema: 'scan-response.image-verdict/v1',
    id: fingerprint([repositoryKey(repository), digest, read, JSON.stringify(limits), verdict]),
    verdict,
    ...{ account: repository.account, region: repository.region, repository: repository.name },
    ...{ digest, kind, tags: tags.slice(0, MOST_NAMES), tagCount: tags.length },
    ...{ references: references.slice(0, MOST_NAMES), pushedAt },
    commit: provenance?.best.commit ?? null,
    limits,
    counts: scan?.counts ?? null,
    fixable: scan?.fixable ?? null,
    scanType: scan?.type ?? null,
    scannedAt: scan?.completedAt ?? null,
    platforms: platforms.slice(0, MOST_PLATFORMS).map(platformIn),
    platformCount: platforms.length,
    doubts: [...new Set(doubts.map(({ why }) => why))],
  };
}

/** A status is AWS's, and AWS may send one that is none. */
function platformIn({ digest, platform, state, status }: PlatformState) {
  const known = status !== undefined && /^[A-Z_]{1,40}$/.test(status) ? status : 'UNKNOWN';
  return { digest, platform: platform ?? null, state, status: status === undefined ? null : known };
}
