/**
 * The process of one function: `bootstrap <bundle file> <export>`. Loads the file once (the cold start), then
 * calls the export for every message of the parent, one at a time, and answers. It ends with its parent.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { parse } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type AnswerMessage, endMark, type InvocationError, type InvokeMessage } from './protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

const [file = '', exportName = ''] = process.argv.slice(2);
// How the engine compiles, for processes that do not live long; NODE_OPTIONS does not take such flags.
if (process.env.LOCAL_V8_FLAGS) setFlagsFromString(process.env.LOCAL_V8_FLAGS);
const logStreamName = `local/[$LATEST]${randomUUID().replaceAll('-', '')}`;
const loading = load();
// Whoever awaits it first reports the failure; until then it is not an unhandled one.
loading.catch(() => undefined);

async function load(): Promise<Handler> {
  const loaded = await loadFile().catch((error: unknown) => {
    throw asLambdaNames(error);
  });
  // A CommonJS bundle shows its exports under `default` when Node cannot see their names.
  const handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handler === 'function') return handler;
  const what = handler === undefined ? 'undefined or not exported' : 'not a function';
  throw named('Runtime.HandlerNotFound', `${parse(file).name}.${exportName} is ${what}`);
}

/** As AWS's runtime: `require` where it can. `import` would first search a bundle for its exports, as long as it runs. */
async function loadFile() {
  return file.endsWith('.cjs') ? createRequire(file)(file) : import(pathToFileURL(file).href);
}

/** The names under which AWS's runtime reports what went wrong with the code; test/cloud/oracles compares them. */
function asLambdaNames(error: unknown): unknown {
  if (error instanceof SyntaxError) return named('Runtime.UserCodeSyntaxError', String(error));
  const isMissing = /MODULE_NOT_FOUND$/.test(String((error as { code?: unknown } | undefined)?.code));
  return isMissing ? named('Runtime.ImportModuleError', String(error)) : error;
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function context({ requestId, deadlineMs }: InvokeMessage) {
  const name = process.env.AWS_LAMBDA_FUNCTION_NAME;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: process.env.LOCAL_FUNCTION_ARN,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

async function answer(message: InvokeMessage): Promise<AnswerMessage> {
  const { requestId, event } = message;
  try {
    const handler = await loading;
    const result = toJson(await handler(event, context(message)));
    return result === undefined ? { requestId } : { requestId, result };
  } catch (error) {
    return { requestId, error: described(error) };
  }
}

function toJson(result: unknown): string | undefined {
  try {
    return JSON.stringify(result);
  } catch {
    throw named('Runtime.JSONStringifyError', 'Unable to stringify response body');
  }
}

function described(error: unknown): InvocationError {
  return error instanceof Error
    ? { type: error.name, message: error.message }
    : { type: typeof error, message: String(error) };
}

process.on('disconnect', () => process.exit());
process.on('message', async (message: InvokeMessage) => {
  process.send?.(await answer(message));
  // On a line of its own, even after output that did not end its line.
  const mark = `\n${endMark(message.requestId)}\n`;
  process.stdout.write(mark);
  process.stderr.write(mark);
});
