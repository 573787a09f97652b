import { expect, test } from 'vitest';
import { type Census, counted, NO_IMAGES } from '../../../lib/audit/census.ts';
import { digestOf } from '../../../lib/image/digest.ts';
import type { ListedImage } from '../../../lib/image/listed-image.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { toInstant } from '../../../lib/instant.ts';
import { aRepository } from '../../build/lineage.ts';

const repository = aRepository();
const settings = { repository, mutability: 'MUTABLE', exclusions: [], scansOnPush: false };

function listed(nth: number, tags: readonly string[], more: Partial<ListedImage> = {}): ListedImage {
  return {
    image: { repository, digest: digestOf(`image ${nth}`) },
    ...{ kind: 'image', tags: tags.map(parseTag), isArchived: false },
    pushedAt: toInstant(new Date(nth * 1000)),
    ...more,
  };
}

function over(images: readonly ListedImage[], pageSize: number): Census {
  let census = NO_IMAGES;
  for (let from = 0; from < images.length; from += pageSize)
    census = counted(census, images.slice(from, from + pageSize), settings, new Set([digestOf('image 7')]));
  return census;
}

test('the same whatever the size of the pages, and the newest hundred without a commit at most', () => {
  const images = Array.from({ length: 250 }, (_, nth) =>
    listed(nth, nth % 2 ? ['nightly'] : ['v1.0.0', 'abc1234']),
  );
  const [one, many] = [over(images, 250), over(images, 7)];
  expect({ ...many, unnamed: [] }).toEqual({ ...one, unnamed: [] });
  const times = (census: Census) => census.unnamed.map(({ pushedAt }) => pushedAt).sort();
  expect(times(many)).toEqual(times(one));
  expect(one).toMatchObject({ images: 250, movable: { count: 250 }, mostTags: { count: 2 } });
  expect([...one.listed.keys()]).toEqual([digestOf('image 7')]);
  expect(one.unnamed).toHaveLength(100);
  expect(times(one)[0]).toBe(toInstant(new Date(51_000)));
});

test('what nobody names, and what no image is, need no commit', () => {
  const images = [
    listed(1, []),
    listed(2, [`sha256-${'a'.repeat(64)}.sig`]),
    listed(3, ['buildcache']),
    listed(4, ['nightly'], { kind: 'attestation' }),
    listed(5, ['nightly'], { isArchived: true }),
  ];
  expect(over(images, 5).unnamed).toEqual([]);
});
