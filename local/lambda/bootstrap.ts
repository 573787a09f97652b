/**
 * The process of one function: `bootstrap <bundle file> <export>`. Loads the file once (the cold start), then
 * calls the export for every message of the parent, one at a time, and answers. It ends with its parent.
 */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { type AnswerMessage, endMark, type InvocationError, type InvokeMessage } from './protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

const [file = '', exportName = ''] = process.argv.slice(2);
const logStreamName = `local/[$LATEST]${randomUUID().replaceAll('-', '')}`;
const loading = load();
// Whoever awaits it first reports the failure; until then it is not an unhandled one.
loading.catch(() => undefined);

async function load(): Promise<Handler> {
  const loaded = await import(pathToFileURL(file).href);
  // A CommonJS bundle shows its exports under `default` when Node cannot see their names.
  const handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handler !== 'function') throw new Error(`${file} does not export the function "${exportName}"`);
  return handler;
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
    const result = JSON.stringify(await handler(event, context(message)));
    return result === undefined ? { requestId } : { requestId, result };
  } catch (error) {
    return { requestId, error: described(error) };
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
