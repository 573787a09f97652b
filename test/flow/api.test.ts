import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackagedService, packageService } from '../../local/package.ts';
import { EVERY_FUNCTION } from '../contract/whole.ts';
import { bundledCli } from '../doubles/cli.ts';
import { loopback } from '../doubles/loopback.ts';
import { fetchSigned, type SignedOptions } from '../doubles/signed.ts';
import { type Flow, startFlow } from './stack.ts';

const sts = new STSClient(loopback('http://127.0.0.1:1'));
const cli = bundledCli();
let packaged: PackagedService;
let flow: Flow;

beforeAll(async () => {
  packaged = await packageService({ root: process.cwd(), params: EVERY_FUNCTION });
  flow = await startFlow({ packaged });
  for (const [nth, tag] of ['latest', 'latest', 'other', 'latest'].entries())
    flow.push('api/shop', { tags: [tag], seed: `shop ${nth}` });
  await flow.settled('api/shop');
});
afterAll(async () => {
  await flow?.stop();
  await packaged?.dispose();
});

function get(path: string, options: SignedOptions = {}): Promise<Response> {
  return fetchSigned(sts, `${flow.stack.gateway?.url}${path}`, options);
}

function ask(args: readonly string[]) {
  const { dynamodb, tables } = flow.stack;
  return cli([...args, '--json'], {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    SCAN_RESPONSE_LINEAGE_TABLE: tables.lineage,
    SCAN_RESPONSE_LEDGER_TABLE: tables.ledger,
  });
}

describe('through the gateway, the packaged function', () => {
  test('says what the command line says, to the letter', async () => {
    const response = await get('/v1/history?reference=api%2Fshop%3Alatest');
    const { stdout } = await ask(['history', 'api/shop:latest']);
    expect([response.status, await response.text()]).toEqual([200, stdout]);
    expect(JSON.parse(stdout).entries).toHaveLength(3);
  });

  test('is asked by nobody without a signature', async () => {
    const response = await fetch(`${flow.stack.gateway?.url}/v1/who?reference=api%2Fshop%3Alatest`);
    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
  });
});
