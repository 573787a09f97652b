import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ReadSecret } from '../delivery/sink.ts';

const REMEMBER_MS = 5 * 60 * 1000;

/**
 * A secret in SSM Parameter Store, read on first use and remembered for five minutes, so that rotating it needs no
 * redeploy. A parameter that does not exist means "not configured". Throws the SDK's error for the rest.
 */
export function parameter(ssm: SSMClient, name: string, nowMs: () => number = Date.now): ReadSecret {
  let remembered: { readonly value: string | undefined; readonly atMs: number } | undefined;
  return async ({ refresh } = { refresh: false }) => {
    if (!refresh && remembered && nowMs() - remembered.atMs < REMEMBER_MS) return remembered.value;
    remembered = { value: await read(ssm, name), atMs: nowMs() };
    return remembered.value;
  };
}

async function read(ssm: SSMClient, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value?.trim() || undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
    throw error;
  }
}
