import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { toInstant } from '../instant.ts';
import type { AppliedPolicy, PolicyDocument } from '../policy/document.ts';
import { queryPartition } from './query.ts';
import { ifHolds, type Table } from './table.ts';

/**
 * The policy that holds is one item, and each version one beside it that never changes. The current one is replaced
 * under the condition that it is the one that was read, and its version is written down before: a crash between any
 * two writes loses nothing, since the current item is the newest version, whether or not it has its own item yet.
 */
const PARTITION = 'POLICY';
const CURRENT = { pk: PARTITION, sk: 'CURRENT' };

/** The form of `document`. A later release that writes another one raises it, and this one refuses to read that. */
const FORM = 1;

/** The policy that holds; undefined when nobody has applied one. Throws for one that a later release wrote. */
export async function loadPolicy(
  table: Table,
  options: { readonly isConsistent?: boolean } = {},
): Promise<AppliedPolicy | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: CURRENT, ConsistentRead: options.isConsistent ?? false }),
  );
  return Item && toApplied(Item);
}

/** Every version that was ever applied, the first one first. */
export async function listPolicies(table: Table): Promise<readonly AppliedPolicy[]> {
  const items = await queryPartition(table, PARTITION);
  const byNumber = new Map(items.map((item) => [Number(item.number), item]));
  return [...byNumber.values()].map(toApplied).sort((a, b) => a.number - b.number);
}

/** Makes a policy the current one if `before` still is; false when somebody else was faster. Safe to run again. */
export async function savePolicy(
  table: Table,
  policy: AppliedPolicy,
  before: AppliedPolicy | undefined,
): Promise<boolean> {
  if (before) await saveVersion(table, before);
  const put = new PutCommand({
    TableName: table.name,
    Item: { ...CURRENT, ...toItem(policy) },
    ConditionExpression: before ? '#number = :before' : 'attribute_not_exists(pk)',
    ...(before && {
      ExpressionAttributeNames: { '#number': 'number' },
      ExpressionAttributeValues: { ':before': before.number },
    }),
  });
  if (!(await ifHolds(table.client.send(put)))) return false;
  await saveVersion(table, policy);
  return true;
}

async function saveVersion(table: Table, policy: AppliedPolicy): Promise<void> {
  const sk = `V#${String(policy.number).padStart(8, '0')}`;
  await ifHolds(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { pk: PARTITION, sk, ...toItem(policy) },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
}

function toItem({ number, document, hash, at, by }: AppliedPolicy) {
  return { form: FORM, number, document: JSON.stringify(document), hash, at, ...(by && { by }) };
}

function toApplied({ form, number, document, hash, at, by }: Record<string, unknown>): AppliedPolicy {
  if (form !== FORM)
    throw new Error(
      `the policy in the ledger has the form ${String(form)}: deploy the release that wrote it`,
    );
  return {
    number: Number(number),
    document: JSON.parse(String(document)) as PolicyDocument,
    hash: String(hash),
    at: toInstant(new Date(String(at))),
    ...(typeof by === 'string' && { by }),
  };
}
