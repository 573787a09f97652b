import { CreateFunctionCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';

/** Makes a function of one file with one handler, given as an expression. */
export async function createFunction(
  lambda: LambdaClient,
  FunctionName: string,
  file: string,
  handler: string,
): Promise<void> {
  const zip = zipSync({ [file]: strToU8(`exports.handler = ${handler};`) });
  const Handler = file.replace(/\.[cm]?js$/, '.handler');
  const Role = 'arn:aws:iam::111122223333:role/any';
  const definition = { FunctionName, Runtime: 'nodejs24.x', Handler, Role, Code: { ZipFile: zip } } as const;
  await lambda.send(new CreateFunctionCommand(definition));
}

/** What a function answers to `{}`; when it failed, its error. */
export async function invoke(lambda: LambdaClient, FunctionName: string): Promise<unknown> {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
  return JSON.parse(Payload?.transformToString() ?? 'null');
}
