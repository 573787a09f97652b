import { expect, test } from 'vitest';
import { closeDeleted } from '../../../lib/heartbeat/close.ts';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import type { ImageAction } from '../../../lib/intake/event.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import { NO_FINDINGS } from '../../../lib/scan/severity.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { aRegistered } from '../../build/registered.ts';

const [A, B] = [aDigest('a'), aDigest('b')];
const shown = { scanType: 'basic', counts: { ...NO_FINDINGS, CRITICAL: 1 } } as const;

interface Case {
  readonly action?: ImageAction['action'];
  /** The tags that A still has; undefined when A is gone. */
  readonly left?: readonly string[];
  /** Where `latest` points by its history. */
  readonly head?: Digest;
  /** The event has a digest. */
  readonly digest?: Digest;
}

async function close({ action = 'delete', left, head, digest }: Case): Promise<readonly string[]> {
  const event: ImageAction = {
    ...{ kind: 'image-action', action, eventId: 'e', at: at('03:00'), repository: aRepository() },
    ...{ tag: parseTag('latest'), imageKind: 'image' },
    ...(digest && { digest }),
  };
  const closed: string[] = [];
  const references = await closeDeleted(event, {
    now: () => new Date(at('03:01')),
    listOpen: async () => [
      { reference: 'latest', digest: A, shown },
      { reference: NEWEST_PUSH, digest: A, shown },
      { reference: 'main', digest: B, shown },
    ],
    findImage: async (image) => (image.digest === A && left ? aRegistered(A, left) : undefined),
    loadHead: async ({ tag }) => (tag === 'latest' ? head : undefined),
    closeShown: async (_repository, open, time) => void closed.push(`${open.reference} ${time}`),
  });
  expect(closed).toEqual(references.map((it) => `${it} ${at('03:01')}`));
  return references;
}

test.each<readonly [string, Case, readonly string[]]>([
  ['the image is gone', { digest: A }, ['latest', NEWEST_PUSH]],
  ['the tag is gone, the image stays', { digest: A, left: ['v1'] }, ['latest']],
  ['the tag is back on it already', { digest: A, left: ['latest'] }, []],
  ['the tag points to another image, not scanned yet', { digest: A, head: B }, [NEWEST_PUSH]],
  ['the tag still points to it by its history', { digest: A, head: A }, ['latest', NEWEST_PUSH]],
  ['the event names a tag only', {}, ['latest']],
  ['another image is gone', { digest: aDigest('c') }, []],
  ['it was archived', { digest: A, action: 'archive' }, []],
  ['it was pushed', { digest: A, action: 'push' }, []],
])('%s', async (_, given, closed) => {
  expect(await close(given)).toEqual(closed);
});
