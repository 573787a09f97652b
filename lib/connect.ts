import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as config from './config.ts';
import type { Image } from './image/reference.ts';
import { clientByAccount, credentialsOf } from './registry/member.ts';
import type { Table } from './store/table.ts';

// What the composition roots share: how adapters get their clients.

/** Turns `(table, …)` into `(…)`. */
export function on<T, A extends unknown[], R>(
  first: T,
  call: (first: T, ...rest: A) => R,
): (...rest: A) => R {
  return (...rest) => call(first, ...rest);
}

export const now = () => new Date();

/** One of the two tables, by the environment's name for it. */
export function table(
  env: config.Environment,
  name: 'LINEAGE_TABLE' | 'LEDGER_TABLE',
  patience: DynamoDBClientConfig = {},
): Table {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(patience), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { client, name: config.required(env, name) };
}

/** Turns `(ecr, image)` into `(image)`, with the client of the image's account. */
export function inRegistry<R>(
  ecrOf: (account: string) => ECRClient,
  call: (ecr: ECRClient, image: Image) => R,
): (image: Image) => R {
  return (image) => call(ecrOf(image.repository.account), image);
}

const REGISTRIES = new WeakMap<config.Environment, (account: string) => ECRClient>();

/** The client of ECR for each account: our own, or with a role of a member. One for all that a process does. */
export function registries(env: config.Environment): (account: string) => ECRClient {
  const known = REGISTRIES.get(env) ?? connectRegistries(env);
  REGISTRIES.set(env, known);
  return known;
}

function connectRegistries(env: config.Environment): (account: string) => ECRClient {
  return clientByAccount(
    new ECRClient({}),
    config.memberAccounts(env),
    (account) =>
      new ECRClient({ credentials: credentialsOf(new STSClient({}), config.readerRole(env, account)) }),
  );
}
