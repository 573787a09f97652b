import type { NamedRepository } from '../image/found.ts';
import { namePartition, verificationKey } from './keys.ts';
import { queryPartition } from './query.ts';
import { toVerification } from './reconciliation.ts';
import type { Table } from './table.ts';

/** The repositories with this name, one for each account and region, and when each was verified: in one request. */
export async function findRepositories(table: Table, name: string): Promise<readonly NamedRepository[]> {
  const found = await queryPartition(table, namePartition(name));
  const items = new Map(found.map((item) => [item.sk, item]));
  return found.flatMap(({ sk, account, region }) => {
    const repository = { account: String(account), region: String(region), name };
    if (!String(sk).startsWith('R#')) return [];
    const verification = toVerification(items.get(verificationKey(repository).sk));
    return { repository, ...(verification && { verification }) };
  });
}
