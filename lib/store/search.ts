import { type Digest, parseDigest } from '../image/digest.ts';
import type { CommitHit, DigestHits } from '../image/found.ts';
import type { Image, Repository } from '../image/reference.ts';
import { parseInstant } from '../instant.ts';
import * as keys from './keys.ts';
import { queryAll } from './pages.ts';
import type { Table } from './table.ts';

/** More than this is no answer for a person; what is left out is not counted. */
const MOST_ITEMS = 300;

/**
 * The images whose commit, as their strongest source names it, begins with these hex characters or with the first seven
 * of them: a tag may name seven characters of a commit that is asked for in full. The index follows within a second.
 */
export async function findByCommit(table: Table, prefix: string): Promise<readonly CommitHit[]> {
  const items = await query(table, {
    IndexName: 'by-commit',
    KeyConditionExpression: 'gsi2pk = :pk AND begins_with(gsi2sk, :prefix)',
    ExpressionAttributeValues: { ':pk': keys.commitPartition(prefix), ':prefix': prefix.slice(0, 7) },
  });
  return items.map(({ pk, sk, gsi2sk }) => {
    const [commit = '', pushedAt = ''] = String(gsi2sk).split('#');
    return { commit, pushedAt: parseInstant(pushedAt), image: imageAt(String(pk), String(sk)) };
  });
}

/**
 * The images whose digest begins with these hex characters. A whole digest finds every image on record, and the
 * image indexes that list it; a part of one finds what a tag has pointed to.
 */
export async function findByDigest(table: Table, prefix: string): Promise<DigestHits> {
  const whole = prefix.length === 64 ? await findWhole(table, parseDigest(`sha256:${prefix}`)) : undefined;
  if (whole && whole.images.length + whole.parents.length > 0) return whole;
  const items = await query(table, {
    IndexName: 'by-digest',
    KeyConditionExpression: 'gsi1pk = :pk AND begins_with(gsi1sk, :prefix)',
    ExpressionAttributeValues: { ':pk': keys.digestPrefixPartition(prefix), ':prefix': prefix },
  });
  const found = new Map<string, Image>();
  for (const { gsi1sk } of items) {
    const [hex = '', account = '', region = '', name = ''] = String(gsi1sk).split('#');
    const image = { repository: { account, region, name }, digest: parseDigest(`sha256:${hex}`) };
    found.set(keys.imagePartition(image), image);
  }
  return { images: [...found.values()], parents: [] };
}

async function findWhole(table: Table, digest: Digest): Promise<DigestHits> {
  const items = await query(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.digestPartition(digest) },
    ProjectionExpression: 'pk, sk, kind',
  });
  const at = (start: string) => items.filter(({ sk }) => String(sk).startsWith(start));
  return {
    images: at('AT#')
      .filter(({ kind }) => kind !== undefined)
      .map(({ pk, sk }) => imageAt(String(pk), String(sk))),
    parents: at('PARENT#').map(({ sk }) => {
      const [, parent = '', ...where] = String(sk).split('#');
      return { repository: repositoryIn(where), digest: parseDigest(parent) };
    }),
  };
}

function query(table: Table, input: Parameters<typeof queryAll>[1]) {
  return queryAll(table, { ...input, Limit: MOST_ITEMS }, MOST_ITEMS);
}

/** `IMG#<digest>`, `AT#<repository>`. */
function imageAt(pk: string, sk: string): Image {
  return { repository: repositoryIn(sk.split('#').slice(1)), digest: parseDigest(pk.slice('IMG#'.length)) };
}

function repositoryIn([account = '', region = '', name = '']: readonly string[]): Repository {
  return { account, region, name };
}
