import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parameter } from '../../../lib/secret/parameter.ts';
import { serve } from '../../../local/http.ts';
import { jsonProtocol, ServiceFault } from '../../../local/json-protocol.ts';
import { startSsm } from '../../../local/ssm.ts';

const NAME = '/scan-response/slack-webhook';
const FIVE_MINUTES_MS = 300_000;

/** A client to whatever answers as SSM, and how often it was asked. */
function clientOf({ url, close }: { readonly url: string; close(): Promise<void> }) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SSMClient({ region: 'eu-west-1', endpoint: url, credentials, maxAttempts: 1 });
  const asked: unknown[] = [];
  client.middlewareStack.add((next) => (args) => {
    asked.push(args.input);
    return next(args);
  });
  onTestFinished(async () => {
    client.destroy();
    await close();
  });
  return { client, asked };
}

async function secretOf(...entries: readonly [string, string][]) {
  const parameters = new Map(entries);
  const { client, asked } = clientOf(await startSsm(parameters));
  let nowMs = 0;
  const read = parameter(client, NAME, () => nowMs);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { parameters, asked, read, pass };
}

describe('a secret', () => {
  test('is asked for by name, decrypted, and only when it is needed', async () => {
    const { asked, read } = await secretOf([NAME, ' https://hooks.slack.com/services/T/B/x\n']);
    expect(asked).toEqual([]);
    expect(await read()).toBe('https://hooks.slack.com/services/T/B/x');
    expect(asked).toEqual([{ Name: NAME, WithDecryption: true }]);
  });

  test('is remembered for five minutes, and asked for again after them', async () => {
    const { parameters, asked, read, pass } = await secretOf([NAME, 'old']);
    await read();
    parameters.set(NAME, 'new');
    pass(FIVE_MINUTES_MS - 1);
    expect(await read()).toBe('old');
    expect(asked).toHaveLength(1);
    pass(1);
    expect(await read()).toBe('new');
    expect(asked).toHaveLength(2);
  });

  test('is asked for at once when a refresh is wanted, which is remembered then', async () => {
    const { parameters, asked, read } = await secretOf([NAME, 'old']);
    await read();
    parameters.set(NAME, 'new');
    expect(await read({ refresh: true })).toBe('new');
    expect(await read()).toBe('new');
    expect(asked).toHaveLength(2);
  });

  test.each<[string, readonly [string, string][]]>([
    ['does not exist', []],
    ['is empty', [[NAME, '']]],
    ['is blank', [[NAME, ' \n']]],
    ['has another name', [[`${NAME}-2`, 'x']]],
  ])('that %s was never configured, and that is remembered', async (_what, entries) => {
    const { asked, read } = await secretOf(...entries);
    expect(await read()).toBeUndefined();
    expect(await read()).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});

describe('a failure', () => {
  const failing = async (code: string) => {
    const { client } = clientOf(
      await serve(
        jsonProtocol({
          GetParameter() {
            throw new ServiceFault(code, 'no');
          },
        }),
      ),
    );
    return parameter(client, NAME);
  };

  test.each(['AccessDeniedException', 'ThrottlingException', 'InternalServerError'])(
    '%s is thrown: it does not mean "not configured"',
    async (code) => {
      await expect((await failing(code))()).rejects.toMatchObject({ name: code });
    },
  );

  test('is not remembered, and does not replace what is', async () => {
    let answer: string | undefined = 'good';
    const { client } = clientOf(
      await serve(
        jsonProtocol({
          GetParameter() {
            if (answer === undefined) throw new ServiceFault('ThrottlingException', 'no');
            return { Parameter: { Value: answer } };
          },
        }),
      ),
    );
    const read = parameter(client, NAME, () => 0);
    await read();
    answer = undefined;
    await expect(read({ refresh: true })).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(await read()).toBe('good');
  });
});
