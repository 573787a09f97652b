import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Repository, repositoryKey } from '../image/reference.ts';
import type { Verification } from '../image/verification.ts';
import { batchGet, keyText } from './batch-get.ts';
import { REPOSITORIES, verificationKey } from './keys.ts';
import { toVerification } from './reconciliation.ts';
import type { Table } from './table.ts';

/** Which of all repositories. */
interface Listed {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** The key of the repository after which it goes on. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * Repositories of which anything was told, or that the reconciler saw, in the order of their keys. One that is in the
 * index twice, as a name and as verified, is here once. `next` is where it goes on; absent at the end.
 */
export async function listRepositories(
  table: Table,
  { account, region, after = '', limit }: Listed,
): Promise<{ readonly repositories: readonly Repository[]; readonly next?: string }> {
  const found = new Map<string, Repository>();
  const isAsked = (it: Repository) =>
    (account ?? it.account) === it.account && (region ?? it.region) === it.region;
  // '#' and '-' are the first signs in a key, '~' is after its last: what begins with `after` comes after it.
  let from: string | undefined = after === '' ? (account ?? ' ') : `${after} `;
  while (from !== undefined && found.size <= limit) {
    const keys: readonly string[] = await listKeys(table, {
      from,
      to: `${account ?? ''}~`,
      limit: 2 * (limit + 1),
    });
    for (const it of keys.map(toRepository).filter(isAsked)) found.set(repositoryKey(it), it);
    from = keys.length > 0 ? `${keys.at(-1)} ` : undefined;
  }
  const repositories = [...found.values()].slice(0, limit);
  const end = repositories.at(-1);
  return { repositories, ...(found.size > limit && end && { next: repositoryKey(end) }) };
}

async function listKeys(
  table: Table,
  { from, to, limit }: { readonly from: string; readonly to: string; readonly limit: number },
): Promise<readonly string[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'by-digest',
      KeyConditionExpression: 'gsi1pk = :all AND gsi1sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':all': REPOSITORIES, ':from': from, ':to': to },
      Limit: limit,
    }),
  );
  return Items.map(({ gsi1sk }) => String(gsi1sk));
}

function toRepository(key: string): Repository {
  const [account = '', region = '', name = ''] = key.split('#');
  return { account, region, name };
}

/** When each was last held against the registry, by its key; what never was is not in it. */
export async function loadVerifications(
  table: Table,
  repositories: readonly Repository[],
): Promise<ReadonlyMap<string, Verification>> {
  const items = await batchGet(table, repositories.map(verificationKey));
  return new Map(
    repositories.flatMap((it) => {
      const verification = toVerification(items.get(keyText(verificationKey(it))));
      return verification ? [[repositoryKey(it), verification] as const] : [];
    }),
  );
}
