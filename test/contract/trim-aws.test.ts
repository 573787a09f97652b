import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecr from '@aws-sdk/client-ecr';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import * as esbuild from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { withPlainKeys } from '../../build/aws-schemas.mjs';
import { FUNCTION } from '../../build/build.mjs';
import { builtins } from '../../build/builtins.mjs';
import { trimAws } from '../../build/trim-aws.mjs';
import { withoutMethods } from '../../build/without-methods.mjs';
import type { Answer } from './aws-requests/asked.ts';
import { COMMANDS, REGIONS } from './aws-requests.ts';

// The clients as they are bundled with the functions, beside the same ones as AWS publishes them.

interface Client {
  send(command: unknown): Promise<Record<string, unknown>>;
  readonly config: {
    endpointProvider(parameters: object): { readonly url: URL };
    signer(scheme: object): Promise<{ sign(request: object, options: object): Promise<Sent> }>;
  };
}
type Module = Readonly<Record<string, new (input: object) => Client>>;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const OFFICIAL = { dynamodb, ecr, eventbridge, sns, sqs, ssm, sts } as unknown as Record<string, Module>;
const NAMES = Object.keys(OFFICIAL);
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

let folder: string;
let trimmed: Record<string, Module>;
let sent: Sent[] = [];
let answers: Answer[] = [];

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const { method = '', url: path = '', headers } = request;
  sent.push({ method, path, headers: headers as Record<string, string>, body });
  const { status = 200, headers: its, body: text } = answers.shift() ?? { body: echo(body) };
  response.writeHead(status, { 'x-amzn-requestid': 'one', ...its }).end(text);
});

/** An item that is nothing but its key. */
function echo(body: string): string {
  const { Key } = JSON.parse(body);
  return JSON.stringify({ Item: Key, Attributes: Key });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trim-aws-'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const contents = NAMES.map((name) => {
    const used = COMMANDS.filter(({ client }) => client === name).map(({ command }) => command);
    const names = [...new Set(used), clientOf(name)].join(', ');
    return `import { ${names} } from '@aws-sdk/client-${name}'; export const ${name} = { ${names} };`;
  });
  const documents = ['DynamoDBDocumentClient', 'GetCommand', 'UpdateCommand'].join(', ');
  contents.push(`export { ${documents} } from '@aws-sdk/lib-dynamodb';`);
  contents.push(`export { Logger } from '@aws-lambda-powertools/logger';`);
  const { outputFiles = [] } = await esbuild.build({
    ...FUNCTION,
    ...{ stdin: { contents: contents.join('\n'), resolveDir: process.cwd() }, write: false, outdir: folder },
    plugins: [trimAws(), builtins()],
  });
  const file = join(folder, 'clients.mjs');
  await writeFile(file, outputFiles[0]?.contents ?? '');
  trimmed = await import(pathToFileURL(file).href);
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  [sent, answers] = [[], []];
});
afterEach(() => vi.unstubAllEnvs());

function clientOf(name: string): string {
  const all = Object.keys(OFFICIAL[name] ?? {});
  return all.find((it) => /^\w+Client$/.test(it) && it !== '__Client') ?? expect.fail(`no client in ${name}`);
}

function connect(modules: Record<string, Module>, name: string, options: object = {}): Client {
  const Its = modules[name]?.[clientOf(name)] ?? expect.fail(`no client ${name}`);
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return new Its({ region: 'eu-west-1', credentials: CREDENTIALS, endpoint, ...options });
}

async function ask(
  modules: Record<string, Module>,
  { client, command, input, answer }: (typeof COMMANDS)[number],
) {
  const Command = modules[client]?.[command] ?? expect.fail(`no ${command}`);
  answers = [answer];
  sent = [];
  const answered = await connect(modules, client, { maxAttempts: 1 })
    .send(new Command(input))
    .catch((error: Error & { $metadata?: object }) => ({
      ...{ name: error.name, message: error.message, fault: Reflect.get(error, '$fault') },
      $metadata: error.$metadata,
    }));
  const [request] = sent;
  return { answered, request: request ?? expect.fail('nothing was sent') };
}

/** All but what says when and who, and what no function says any more. */
function comparable({ method, path, headers, body }: Sent) {
  const {
    authorization: _a,
    'x-amz-date': _d,
    'amz-sdk-invocation-id': _i,
    'user-agent': _u,
    'x-amz-user-agent': _x,
    ...others
  } = headers;
  return { method, path, body, headers: others };
}

describe.each(COMMANDS)('$client $command: $what', (asked) => {
  test('is asked and read as by the client that AWS publishes', async () => {
    const ours = await ask(trimmed, asked);
    const theirs = await ask(OFFICIAL, asked);
    expect(comparable(ours.request)).toEqual(comparable(theirs.request));
    expect(ours.answered).toEqual(theirs.answered);
  });

  test('is signed as AWS’s signer does', async () => {
    const { method, path, headers, body } = (await ask(trimmed, asked)).request;
    const { authorization = '', 'x-amz-date': date = '', ...others } = headers;
    const [, name, signedNames = ''] =
      /\/eu-west-1\/(\w+)\/aws4_request, SignedHeaders=(\S+),/.exec(authorization) ?? [];
    const scheme = { name: 'sigv4', signingName: name, signingRegion: 'eu-west-1', properties: {} };
    const signer = await connect(OFFICIAL, asked.client).config.signer(scheme);
    const again = await signer.sign(
      {
        method,
        path,
        query: {},
        protocol: 'http:',
        hostname: '127.0.0.1',
        body,
        headers: only(others, signedNames.split(';')),
      },
      { signingDate: new Date(date.replace(/^(.{4})(..)(..T..)(..)/, '$1-$2-$3:$4:')) },
    );
    expect(again.headers.authorization).toBe(authorization);
  });
});

function only(headers: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}

describe.each(NAMES)('where %s is', (name) => {
  const at = (modules: Record<string, Module>, parameters: object) => {
    try {
      return connect(modules, name).config.endpointProvider({ UseGlobalEndpoint: false, ...parameters }).url
        .href;
    } catch {
      return 'none';
    }
  };

  test.each(REGIONS)('in %s, with FIPS and dual-stack or without', (Region) => {
    for (const UseFIPS of [false, true])
      for (const UseDualStack of [false, true]) {
        const parameters = { Region, UseFIPS, UseDualStack };
        expect(at(trimmed, parameters), JSON.stringify(parameters)).toBe(at(OFFICIAL, parameters));
      }
  });

  test('behind an endpoint of one’s own, which is neither FIPS nor dual-stack', () => {
    for (const ways of [{}, { UseFIPS: true }, { UseDualStack: true }]) {
      const parameters = { Region: 'eu-west-1', Endpoint: 'http://127.0.0.1:1/a', ...ways };
      expect(at(trimmed, parameters), JSON.stringify(ways)).toBe(at(OFFICIAL, parameters));
    }
  });
});

test('a client says what it is, as AWS’s does but for which of its features it used', async () => {
  vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
  vi.stubEnv('AWS_SDK_UA_APP_ID', 'an app');
  for (const asked of COMMANDS) {
    const ours = await ask(trimmed, asked);
    const theirs = await ask(OFFICIAL, asked);
    // AWS's has the version of its CommonJS, which may be one behind.
    const [our, their] = [ours, theirs].map(({ request }) =>
      request.headers['user-agent']?.replaceAll(/3\.\d+\.\d+/g, '3'),
    );
    expect(our).toBe(their?.replace(/ m\/\S+/, ''));
  }
});

test('region, endpoint, credentials and tries come from the environment', async () => {
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_REGION', 'ap-south-1');
  vi.stubEnv('AWS_ENDPOINT_URL_ECR', `http://127.0.0.1:${port}/here`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
  vi.stubEnv('AWS_RETRY_MODE', 'adaptive');
  answers = [{ status: 500, body: '{}' }, { body: '{"repositories":[]}' }];
  const client = connect(trimmed, 'ecr', {
    ...{ region: undefined, endpoint: undefined, credentials: undefined },
  });
  const Command = trimmed.ecr?.DescribeImagesCommand ?? expect.fail('no command');
  await client.send(new Command({ repositoryName: 'a' }));
  expect(sent.map(({ path }) => path)).toEqual(['/here/', '/here/']);
  expect(sent[1]?.headers.authorization).toMatch(
    /Credential=AKIAENVIRONMENT\/\d{8}\/ap-south-1\/ecr\/aws4_request/,
  );
});

test('an endpoint that could not be found is looked for again', async () => {
  const regions = ['', 'eu-west-1'];
  const region = async () => regions.shift() || Promise.reject(new Error('not yet'));
  const client = connect(trimmed, 'ecr', {
    region: async () => region().finally(() => regions.push('eu-west-1')),
  });
  const Command = trimmed.ecr?.DescribeImagesCommand ?? expect.fail('no command');
  await expect(client.send(new Command({ repositoryName: 'a' }))).rejects.toThrow('not yet');
  await client.send(new Command({ repositoryName: 'a' }));
  expect(sent).toHaveLength(1);
});

describe('the steps of a command are put together once', () => {
  interface Documents {
    readonly DynamoDBDocumentClient: { from(client: Client): Client };
    readonly GetCommand: new (input: object) => { readonly middlewareStack: Stack };
    readonly UpdateCommand: new (input: object) => object;
  }
  interface Stack {
    add(step: (next: (args: object) => unknown) => (args: object) => unknown, options: object): void;
  }
  const documents = () => {
    const bundle = trimmed as unknown as Documents;
    return { ...bundle, client: bundle.DynamoDBDocumentClient.from(connect(trimmed, 'dynamodb')) };
  };

  test('each of many at once is asked and answered for itself', async () => {
    const { client, GetCommand, UpdateCommand } = documents();
    const all = Array.from({ length: 40 }, (_, nth) => ({ pk: `p${nth}`, nth, list: [{ nth }] }));
    const found = await Promise.all(
      all.map((Key, nth) => client.send(new (nth % 2 ? UpdateCommand : GetCommand)({ TableName: 't', Key }))),
    );
    expect(found.map(({ Item, Attributes }) => Item ?? Attributes)).toEqual(all);
    const keys = sent.map(({ body }) => JSON.parse(body).Key.pk.S);
    expect(new Set(keys)).toEqual(new Set(all.map(({ pk }) => pk)));
  });

  test('and what one has for itself, sent with options, no other has', async () => {
    const { client, GetCommand } = documents();
    const Key = { pk: 'a' };
    const own = new GetCommand({ TableName: 't', Key });
    const step = vi.fn();
    own.middlewareStack.add((next) => (args) => [step(), next(args)][1], {
      ...{ step: 'build', name: 'own', override: true },
    });
    const send = client.send as (command: object, options?: object) => Promise<unknown>;
    await send.call(client, own, {});
    await send.call(client, new GetCommand({ TableName: 't', Key }));
    await send.call(client, new GetCommand({ TableName: 't', Key }));
    expect(step).toHaveBeenCalledTimes(1);
    expect(sent).toHaveLength(3);
  });
});

describe('a client that is built otherwise', () => {
  test('fails the build: a method that is not there', () => {
    expect(() => withoutMethods('class A {\n    one() {\n    }\n}\n', ['two'])).toThrow('two');
  });

  test('fails the build: a key that is no text', () => {
    expect(() => withPlainKeys('const _a = 1;\nexport var A = { [_a]: 1 };\n', 'a file')).toThrow('[_a]');
  });
});
