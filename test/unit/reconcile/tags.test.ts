import { describe, expect, test } from 'vitest';
import type { ListedImage } from '../../../lib/image/listed-image.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import type { TagHead } from '../../../lib/image/tag-head.ts';
import { parsePush } from '../../../lib/intake/parse.ts';
import { compareTags } from '../../../lib/reconcile/tags.ts';
import { aDigest, anImageOf, aRepository, at } from '../../build/lineage.ts';

const A = aDigest('a');
const B = aDigest('b');

function listed(tags: readonly string[], pushedAt: string, digest = A, kind: ListedImage['kind'] = 'image') {
  const of = { kind, tags: tags.map(parseTag), pushedAt: at(pushedAt), isArchived: false };
  return { image: anImageOf(digest), ...of };
}

/** The hints of a listing at noon; the registry was last verified at 11:45. */
function hints(images: readonly ListedImage[], heads: Readonly<Record<string, TagHead>>, isFirst = false) {
  const before = { verifiedAt: at('11:45'), since: at('09:00') };
  return compareTags({
    repository: aRepository(),
    heads: new Map(Object.entries(heads).map(([tag, head]) => [parseTag(tag), head])),
    images,
    listedAt: new Date(at('12:00:00.700')),
    ...(!isFirst && { before }),
    graceSeconds: 300,
  }).map(({ body }) => {
    const { action, tag, digest, at: time, window } = parsePush(body);
    return { action, tag, digest, at: time, window };
  });
}

describe('a tag of which the lineage', () => {
  test.each([
    ['knows', [listed(['v1'], '10:00')], { v1: { digest: A, at: at('10:00') } }],
    ['will hear: its image was just pushed', [listed(['v1'], '11:58')], {}],
    ['knows that it just left', [], { v1: { digest: A, at: at('11:59') } }],
    ['knows that it is gone', [], { v1: { at: at('10:00') } }],
    ['was told by a hint', [listed(['v1'], '10:00')], { v1: { hinted: { digest: A, at: at('11:30') } } }],
    ['need not know: a signature', [listed([`sha256-${'a'.repeat(64)}.sig`], '10:00')], {}],
    ['need not know: an attestation', [listed(['v1'], '10:00', A, 'attestation')], {}],
    ['is ahead of the listing', [listed(['v1'], '09:00')], { v1: { digest: B, at: at('11:59:59.500') } }],
  ])('%s makes no hint', (_, images, heads) => {
    expect(hints(images, heads)).toEqual([]);
  });

  test('never heard is a push when its image was pushed', () => {
    expect(hints([listed(['v1'], '11:50')], {})).toEqual([
      {
        ...{ action: 'push', tag: 'v1', digest: A, at: at('11:50') },
        window: { notBefore: at('11:50'), notAfter: at('11:59:59') },
      },
    ]);
  });

  test('says something older, on an image pushed since, is a push too', () => {
    const heads = { v1: { digest: B, at: at('10:00') } };
    expect(hints([listed(['v1'], '11:41')], heads)).toMatchObject([{ action: 'push', at: at('11:41') }]);
  });

  test('says something else, on an image older than that: between the last look and this one', () => {
    const heads = { v1: { digest: B, at: at('10:00') } };
    expect(hints([listed(['v1'], '08:00')], heads)).toMatchObject([
      {
        ...{ action: 'push', digest: A, at: at('11:59:59') },
        window: { notBefore: at('11:40'), notAfter: at('11:59:59') },
      },
    ]);
  });

  test('says that it stands, while it is gone, is a delete, not later than the listing', () => {
    expect(hints([], { v1: { digest: B, at: at('10:00') } }, true)).toEqual([
      {
        ...{ action: 'delete', tag: 'v1', digest: B, at: at('11:59:59') },
        window: { notBefore: at('10:00'), notAfter: at('11:59:59') },
      },
    ]);
  });

  test('was told by a hint an hour ago and still does not know is told again', () => {
    const heads = { v1: { hinted: { digest: A, at: at('10:59') } } };
    expect(hints([listed(['v1'], '10:00')], heads)).toHaveLength(1);
  });

  test('the same drift makes the same event, whoever finds it', () => {
    const once = () => hints([listed(['v1'], '11:50')], {}, true);
    expect(once()).toEqual(once());
  });
});
