import { safeText, untrusted } from '../image/untrusted.ts';
import type { Doubt } from './judge.ts';

/** A doubt in words: what is so, and what to do about it. One line each of plain text; statuses and descriptions of
 * others are cut and made visible. */
interface Explained {
  readonly says: string;
  readonly advice: string;
}

const LONGER = 'wait longer, as with --wait 10m';

/** By AWS's status, for scans that are waited for: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
const PENDING: Readonly<Record<string, Explained>> = {
  NOT_FOUND: {
    says: 'no scan has begun',
    advice: `${LONGER}; where none ever begins, switch scan on push or enhanced scanning on for this repository`,
  },
  PENDING: { says: 'its scan waits for its turn', advice: LONGER },
  IN_PROGRESS: { says: 'it is being scanned', advice: LONGER },
  FINDINGS_UNAVAILABLE: {
    says: 'Inspector has no findings to give now',
    advice: `${LONGER}; should it last, look at the image in Inspector's coverage`,
  },
};

const UNSCANNABLE: Readonly<Record<string, string>> = {
  FAILED: 'start another scan (aws ecr start-image-scan), or push the image again',
  UNSUPPORTED_IMAGE: 'the scanner does not know its operating system: take another base, or another scanner',
  SCAN_ELIGIBILITY_EXPIRED: 'scans of it have ended: push it again, or lengthen the duration in Inspector',
  LIMIT_EXCEEDED: 'a quota of scans is used up: try again tomorrow, or have the quota raised',
  IMAGE_ARCHIVED: 'restore the image first: aws ecr update-image-storage-class',
};

/** By a name of others, which may be that of a property that every object has. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Explains one doubt. */
export function explainDoubt(doubt: Doubt): Explained {
  switch (doubt.why) {
    case 'pending':
      return (
        own(PENDING, doubt.status) ?? {
          says: 'it is scanned, and its findings cannot be read yet',
          advice: LONGER,
        }
      );
    case 'unscannable': {
      const said = doubt.description ? `: ${safeText(doubt.description)}` : '';
      const advice = own(UNSCANNABLE, doubt.status) ?? 'look at the image in the console of ECR';
      return { says: `its scan ended without findings${said}`, advice };
    }
    case 'gone':
      return { says: 'it is not in the registry', advice: 'push the image again, with all its platforms' };
    case 'nothing-to-scan':
      return { says: 'there is no image in it that could be scanned', advice: 'check what was pushed' };
    case 'list-incomplete':
      return {
        says: `fewer ${doubt.severity.toLowerCase()} findings can be read than AWS counts`,
        advice: LONGER,
      };
    case 'fixes-unknown':
      return {
        says: `the scanner does not say which ${doubt.severity.toLowerCase()} findings have a fix`,
        advice: 'leave --only-fixable out, or switch enhanced scanning on: basic scanning never says it',
      };
  }
}

/** What a doubt is about: a platform with its status, or nothing. */
export function aboutDoubt(doubt: Doubt): string {
  if (!('platform' in doubt)) return '';
  const { platform, digest, status } = doubt.platform;
  const name = platform ?? digest;
  return status === undefined ? name : `${name} (${safeText(untrusted(status), 40)})`;
}
