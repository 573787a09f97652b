import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as config from '../config.ts';
import type { Image } from '../image/reference.ts';
import { clientByAccount, credentialsOf } from '../registry/member.ts';
import type { Table } from '../store/table.ts';

// What the composition roots share: how adapters get their clients.

/** Turns `(table, …)` into `(…)`. */
export function on<T, A extends unknown[], R>(
  first: T,
  call: (first: T, ...rest: A) => R,
): (...rest: A) => R {
  return (...rest) => call(first, ...rest);
}

export const now = () => new Date();

type ClientLogger = NonNullable<DynamoDBClientConfig['logger']>;

/**
 * A client that has no logger gets one that prints nothing, and walks through each answer for what may not be printed:
 * about 30 % of the CPU of a page of 1,000 findings (`npm run bench:client-logger`). Without `info` and `error` it does not.
 */
export const NO_LOG = { trace() {}, debug() {}, warn() {} } as unknown as ClientLogger;

/**
 * For the clients of functions: without these the SDK waits for a silent endpoint for ever, and the function ends in
 * the middle of its batch. Three tries are over in half of a function's 30 seconds. `socketTimeout` is for an answer
 * that begins and does not go on.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-timeouts.html
 */
export const IN_TIME = {
  logger: NO_LOG,
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2000,
    requestTimeout: 4000,
    socketTimeout: 4000,
    throwOnRequestTimeout: true,
  },
};

/** The same for ECR, which asks Inspector before it answers. */
export const IN_TIME_FOR_FINDINGS = {
  ...IN_TIME,
  requestHandler: { ...IN_TIME.requestHandler, requestTimeout: 8000, socketTimeout: 8000 },
};

/** Makes one for each process and configuration: every client has connections of its own, and opens them anew. */
function oneOf<K extends object, C>(make: (configuration: K) => C) {
  const made = new WeakMap<config.Environment, WeakMap<K, C>>();
  return (env: config.Environment, configuration: K): C => {
    const known = made.get(env) ?? new WeakMap<K, C>();
    made.set(env, known);
    const client = known.get(configuration) ?? make(configuration);
    known.set(configuration, client);
    return client;
  };
}

const documentClient = /* @__PURE__ */ oneOf((patience: DynamoDBClientConfig) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(patience), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
const queueClient = /* @__PURE__ */ oneOf((configuration: SQSClientConfig) => new SQSClient(configuration));
const topicClient = /* @__PURE__ */ oneOf((configuration: SNSClientConfig) => new SNSClient(configuration));

/** What the two tables share. */
export function documents(env: config.Environment, patience: DynamoDBClientConfig = IN_TIME) {
  return documentClient(env, patience);
}

/** One of the two tables, by the environment's name for it. */
export function table(
  env: config.Environment,
  name: 'LINEAGE_TABLE' | 'LEDGER_TABLE',
  patience: DynamoDBClientConfig = IN_TIME,
): Table {
  return { client: documents(env, patience), name: config.required(env, name) };
}

/** The queues of a function. */
export function queues(env: config.Environment): SQSClient {
  return queueClient(env, IN_TIME);
}

/** One try per call: a publish whose reply was lost must not be repeated by the SDK. */
const ONE_TRY: SNSClientConfig = { logger: NO_LOG, maxAttempts: 1 };

/** The topics of a function. */
export function topics(env: config.Environment): SNSClient {
  return topicClient(env, ONE_TRY);
}

/** Turns `(ecr, image)` into `(image)`, with the client of the image's account. */
export function inRegistry<R>(
  ecrOf: (account: string) => ECRClient,
  call: (ecr: ECRClient, image: Image) => R,
): (image: Image) => R {
  return (image) => call(ecrOf(image.repository.account), image);
}

const registryClients = /* @__PURE__ */ oneOf(connectRegistries);

/** The client of ECR for each account: our own, or with a role of a member. */
export function registries(env: config.Environment): (account: string) => ECRClient {
  return registryClients(env, env);
}

function connectRegistries(env: config.Environment): (account: string) => ECRClient {
  return clientByAccount(
    new ECRClient(IN_TIME_FOR_FINDINGS),
    config.memberAccounts(env),
    (account) =>
      new ECRClient({
        ...IN_TIME_FOR_FINDINGS,
        credentials: credentialsOf(new STSClient(IN_TIME), config.readerRole(env, account)),
      }),
  );
}
