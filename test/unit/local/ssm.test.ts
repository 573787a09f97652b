import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, onTestFinished, test } from 'vitest';
import { startSsm } from '../../../local/ssm.ts';
import { loopback } from '../../doubles/loopback.ts';

async function ssmOver(parameters: ReadonlyMap<string, string>): Promise<SSMClient> {
  const server = await startSsm(parameters);
  const client = new SSMClient(loopback(server.url));
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return client;
}

test('a parameter is read decrypted, as it is at the time of asking', async () => {
  const parameters = new Map([['/scan-response/slack', 'old']]);
  const client = await ssmOver(parameters);
  parameters.set('/scan-response/slack', 'new');
  const command = new GetParameterCommand({ Name: '/scan-response/slack', WithDecryption: true });
  expect((await client.send(command)).Parameter).toMatchObject({
    Name: '/scan-response/slack',
    Type: 'SecureString',
    Value: 'new',
  });
});

test('a parameter is of no use without decryption', async () => {
  const client = await ssmOver(new Map([['key', 'secret']]));
  const { Parameter } = await client.send(new GetParameterCommand({ Name: 'key' }));
  expect(Parameter?.Value).not.toBe('secret');
});

test('a parameter that is not there is not found', async () => {
  const client = await ssmOver(new Map());
  const command = new GetParameterCommand({ Name: 'gone', WithDecryption: true });
  await expect(client.send(command)).rejects.toMatchObject({ name: 'ParameterNotFound' });
});
