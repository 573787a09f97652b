import { inspect } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SecretForm } from '../../../lib/delivery/sink.ts';
import { ConfigError } from '../../../lib/errors.ts';
import { parameter } from '../../../lib/secret/parameter.ts';
import { type Respond, serve } from '../../../local/http.ts';
import { jsonProtocol, ServiceFault } from '../../../local/json-protocol.ts';
import { startSsm } from '../../../local/ssm.ts';
import { loopback } from '../../doubles/loopback.ts';

const NAME = '/scan-response/slack-webhook';
const FIVE_MINUTES_MS = 300_000;
const LONG: SecretForm = { description: 'at least three letters', accepts: (it) => it.length >= 3 };

/** A client to whatever answers as SSM, and how often it was asked. */
function clientOf({ url, close }: { readonly url: string; close(): Promise<void> }) {
  const client = new SSMClient(loopback(url));
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
  const read = parameter(client, NAME, { form: LONG, nowMs: () => nowMs });
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

  test('is asked for once by everybody who asks at the same time', async () => {
    const { asked, read } = await secretOf([NAME, 'old']);
    expect(await Promise.all([read(), read(), read({ refresh: true })])).toEqual(['old', 'old', 'old']);
    expect(asked).toHaveLength(1);
  });

  test.each<[string, readonly [string, string][]]>([
    ['does not exist', []],
    ['has another name', [[`${NAME}-2`, 'hush']]],
  ])('that %s is not configured, and that is remembered for five seconds', async (_what, entries) => {
    const { asked, parameters, pass, read } = await secretOf(...entries);
    expect(await read()).toBeUndefined();
    parameters.set(NAME, 'back');
    pass(4999);
    expect(await read()).toBeUndefined();
    expect(asked).toHaveLength(1);
    pass(1);
    expect(await read()).toBe('back');
  });

  test.each([
    ['is empty', '', 'is blank: put at least three letters into it'],
    ['is blank', ' \n', 'is blank: put at least three letters into it'],
    ['has another form', 'hu', 'does not hold at least three letters: put that into it, as plain text'],
  ])(
    'that %s is an error that names the parameter, and is asked for again',
    async (_what, held, complaint) => {
      const { parameters, read } = await secretOf([NAME, held]);
      await expect(read()).rejects.toEqual(new ConfigError(`the parameter ${NAME} ${complaint}`));
      parameters.set(NAME, 'repaired');
      expect(await read()).toBe('repaired');
    },
  );

  test('of Secrets Manager is asked for where SSM refers to it', async () => {
    const name = '/aws/reference/secretsmanager/scan-response/slack';
    const { client, asked } = clientOf(await startSsm(new Map([[name, 'hush']])));
    expect(await parameter(client, name)()).toBe('hush');
    expect(asked).toEqual([{ Name: name, WithDecryption: true }]);
  });
});

/** A secret of a service whose answers are broken in some way. */
async function secretFrom(respond: Respond) {
  return parameter(clientOf(await serve(respond)).client, NAME);
}

describe('a failure', () => {
  const failing = (code: string) =>
    secretFrom(
      jsonProtocol({
        GetParameter() {
          throw new ServiceFault(code, 'no, not hush');
        },
      }),
    );

  test.each(['AccessDeniedException', 'InvalidKeyId', 'KMSAccessDeniedException'])(
    '%s is a matter of configuration, and says what is needed',
    async (code) => {
      await expect((await failing(code))()).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringMatching(
          `^the parameter ${NAME} may not be read \\(${code}\\): .*ssm:GetParameter.*GetSecretValue.*kms:Decrypt`,
        ),
      });
    },
  );

  test.each(['ThrottlingException', 'InternalServerError'])('%s may pass', async (code) => {
    const complaint = new Error(`the parameter ${NAME} cannot be read now (${code})`);
    await expect((await failing(code))()).rejects.toEqual(complaint);
  });

  test('that quotes the answer is not passed on', async () => {
    const broken = '{"Parameter":{"Value":"hush-hush"';
    const read = await secretFrom(() => ({ status: 200, body: broken }));
    const error: unknown = await read().catch((it: unknown) => it);
    expect(inspect(error, { depth: 9, showHidden: true })).toMatch(/cannot be read now \(\w+\)/);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hush');
  });

  test('is not remembered, and does not replace what is', async () => {
    let answer: string | undefined = 'good';
    const read = await secretFrom(
      jsonProtocol({
        GetParameter() {
          if (answer === undefined) throw new ServiceFault('ThrottlingException', 'no');
          return { Parameter: { Value: answer } };
        },
      }),
    );
    await read();
    answer = undefined;
    await expect(read({ refresh: true })).rejects.toThrow('ThrottlingException');
    expect(await read()).toBe('good');
  });
});
