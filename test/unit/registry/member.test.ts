import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { STSClient } from '@aws-sdk/client-sts';
import { expect, onTestFinished, test } from 'vitest';
import { clientByAccount, credentialsOf } from '../../../lib/registry/member.ts';
import { serve } from '../../../local/http.ts';
import { accessKeyIn, startSts } from '../../doubles/sts.ts';

const OWN = '111122223333';
const MEMBERS = ['222233334444', '333344445555'];
const ROLE = (account: string) => `arn:aws:iam::${account}:role/scan-response-prod-reader`;
const credentials = { accessKeyId: 'own', secretAccessKey: 'secret' };
const region = 'eu-west-1';

/** Reads in `accounts` one after the other; returns which key signed each call, and which roles were taken. */
async function readIn(accounts: readonly string[], lifetimeMs?: number) {
  const keys: unknown[] = [];
  const ecr = await serve(({ headers }) => {
    keys.push(/Credential=([^/]+)\//.exec(String(headers.authorization))?.[1]);
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: '{}' };
  });
  const sts = await startSts(lifetimeMs);
  const clients: ECRClient[] = [];
  const connect = (from: ConstructorParameters<typeof ECRClient>[0]) => {
    const client = new ECRClient({ region, endpoint: ecr.url, ...from });
    clients.push(client);
    return client;
  };
  const stsClient = new STSClient({ region, endpoint: sts.url, credentials });
  onTestFinished(async () => {
    for (const client of [stsClient, ...clients]) client.destroy();
    await Promise.all([ecr.close(), sts.close()]);
  });
  const ecrOf = clientByAccount(connect({ credentials }), new Set(MEMBERS), (account) =>
    connect({ credentials: credentialsOf(stsClient, ROLE(account)) }),
  );
  for (const account of accounts)
    await ecrOf(account).send(new DescribeImagesCommand({ registryId: account, repositoryName: 'shop' }));
  return { keys, assumed: sts.assumed, clients: clients.length };
}

test('a member is read with a role of its own, taken once; our own account and strangers with our own', async () => {
  const [one = '', other = ''] = MEMBERS;
  const { keys, assumed, clients } = await readIn([OWN, one, one, other, '999988887777', one]);
  expect(keys).toEqual([
    'own',
    accessKeyIn(one),
    accessKeyIn(one),
    accessKeyIn(other),
    'own',
    accessKeyIn(one),
  ]);
  expect(assumed).toEqual([ROLE(one), ROLE(other)]);
  expect(clients).toBe(3);
});

test('a role that ends is taken again', async () => {
  const [one = ''] = MEMBERS;
  const { assumed } = await readIn([one, one], 1_000);
  expect(assumed.length).toBeGreaterThan(1);
  expect(new Set(assumed)).toEqual(new Set([ROLE(one)]));
});

test('a role that may not be taken is an error that names it', async () => {
  const message = `User: x is not authorized to perform: sts:AssumeRole on resource: ${ROLE('222233334444')}`;
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`;
  const sts = await serve(() => ({ status: 403, headers: { 'content-type': 'text/xml' }, body }));
  const client = new STSClient({ region, endpoint: sts.url, credentials });
  onTestFinished(async () => {
    client.destroy();
    await sts.close();
  });
  const denied = { name: 'AccessDenied', message };
  await expect(credentialsOf(client, ROLE('222233334444'))()).rejects.toMatchObject(denied);
});
