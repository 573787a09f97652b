import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startWorker } from '../../../local/lambda/worker.ts';
import { makeRunFolder } from '../tools.ts';
import { buildBootstrap } from './bootstrap.ts';
import type { Report } from './runtime-api.ts';
import { startRuntime } from './runtime-client.ts';

const missing = inject('noRuntimeClient');

let folder = '';
let bootstrap = '';

beforeAll(async () => {
  folder = await makeRunFolder();
  bootstrap = await buildBootstrap(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What became of one event, in the words of both sides. */
interface Outcome {
  readonly result?: unknown;
  readonly type?: string;
  readonly message?: string;
}

async function underAwsRuntime(handler: string): Promise<Outcome> {
  const runtime = await startRuntime({ name: 'test', handler, folder });
  try {
    return toOutcome(await runtime.invoke({ a: 1 }));
  } finally {
    await runtime.stop();
  }
}

function toOutcome({ kind, body }: Report): Outcome {
  // A process that ends says nothing; Lambda says this in its place.
  if (kind === 'exit') return { type: 'Runtime.ExitError', message: `Runtime exited: exit status ${body}` };
  if (kind === 'response') return { result: body };
  const { errorType, errorMessage } = body as { errorType: string; errorMessage: string };
  return { type: errorType, message: withoutStack(errorMessage) };
}

/** The two run on two versions of Node, and the older one names a file of the stack twice. */
function withoutStack(message: string): string {
  return message.replace(/\nRequire stack:[\s\S]*/, '');
}

async function embedded(handler: string): Promise<Outcome> {
  const definition = { name: 'test', handler, timeoutSeconds: 10, memoryMb: 128 };
  const place = { bundle: folder, account: '111122223333', region: 'eu-west-1', environment: {} };
  const worker = startWorker(definition, { ...place, bootstrap, onLog: () => undefined });
  try {
    const { result, error } = await worker.invoke({ a: 1 });
    if (!error) return { result: result === undefined ? null : JSON.parse(result) };
    const message = withoutStack(error.message).replace(/^RequestId: \S+ Error: /, '');
    return { type: error.type, message };
  } finally {
    await worker.stop();
  }
}

const HANDLERS: readonly (readonly [what: string, code: string, type: string | undefined])[] = [
  ['an answer', 'exports.handler = async (event) => ({ event });', undefined],
  ['an answer without a promise', 'exports.handler = (event) => event;', undefined],
  ['no answer', 'exports.handler = async () => {};', undefined],
  ['a thrown error', "exports.handler = async () => { throw new RangeError('far'); };", 'RangeError'],
  ['an error thrown at once', "exports.handler = () => { throw new RangeError('far'); };", 'RangeError'],
  [
    'an error with a name of its own',
    "exports.handler = async () => { throw Object.assign(new Error('x'), { name: 'ConfigError' }); };",
    'ConfigError',
  ],
  ['a thrown text', "exports.handler = async () => { throw 'no'; };", 'string'],
  ['a thrown object', 'exports.handler = async () => { throw { a: 1 }; };', 'object'],
  ['nothing thrown', 'exports.handler = async () => { throw undefined; };', 'undefined'],
  ['an answer that is no JSON', 'exports.handler = async () => 1n;', 'Runtime.JSONStringifyError'],
  ['an exit', 'exports.handler = async () => process.exit(3);', 'Runtime.ExitError'],
  [
    'a rejection that nobody catches',
    'exports.handler = () => { Promise.reject(new Error()); return new Promise(() => setTimeout(() => {}, 999)); };',
    'Runtime.ExitError',
  ],
  ['code that throws', "throw new Error('broken');", 'Error'],
  ['code that cannot be read', 'exports.handler = async ( => 1;', 'Runtime.UserCodeSyntaxError'],
  ['a module that is not there', "require('nowhere');", 'Runtime.ImportModuleError'],
  ['a handler that is not there', 'exports.other = 1;', 'Runtime.HandlerNotFound'],
  ['a handler that is no function', 'exports.handler = 1;', 'Runtime.HandlerNotFound'],
];

describe(`the embedded Lambda beside AWS’s runtime client${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test.skipIf(missing).each(HANDLERS.map(([what, code, type], index) => ({ what, code, type, index })))(
    '$what',
    async ({ code, type, index }) => {
      await writeFile(join(folder, `case-${index}.cjs`), code);
      const handler = `case-${index}.handler`;
      const [aws, ours] = await Promise.all([underAwsRuntime(handler), embedded(handler)]);
      expect(ours).toEqual(aws);
      expect(aws.type).toBe(type);
    },
  );
});
