import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { packageService } from '../../local/package.ts';
import { type RunningStack, type StackOptions, startStack } from '../../local/stack.ts';
import { EVERY_FUNCTION } from '../contract/whole.ts';
import { environmentOf } from '../doubles/cli.ts';
import type { Tables } from '../doubles/dynamodb.ts';
import { loopback } from '../doubles/loopback.ts';
import { fetchSigned, type SignedOptions } from '../doubles/signed.ts';

/** The packaged service with the HTTP API, on the embedded stack. */
export interface Api {
  readonly stack: RunningStack;
  readonly url: string;
  readonly tables: Tables;
  /** What the CLI needs to ask the same tables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Asks the gateway, signed. */
  get(path: string, options?: SignedOptions): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts it, once `record` has filled its tables. */
export async function startApi(
  record: (tables: Tables) => Promise<void>,
  options: Partial<StackOptions> = {},
): Promise<Api> {
  const packaged = await packageService({ root: process.cwd(), reuse: true, params: EVERY_FUNCTION });
  const stack = await startStack({ packaged, ...options });
  const dynamodb = new DynamoDBClient(loopback(stack.dynamodb.url));
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const table = (name: string) => ({ client, name });
  const stop = async () => {
    dynamodb.destroy();
    await stack.stop();
    await packaged.dispose();
  };
  const tables: Tables = {
    url: stack.dynamodb.url,
    lineage: table(stack.tables.lineage),
    ledger: table(stack.tables.ledger),
    requests: [],
    close: stop,
  };
  await record(tables);
  const sts = new STSClient(loopback('http://127.0.0.1:1'));
  const url = stack.gateway?.url ?? '';
  return {
    ...{ stack, url, tables, stop },
    environment: environmentOf(tables),
    get: (path, signing) => fetchSigned(sts, `${url}${path}`, signing),
  };
}
