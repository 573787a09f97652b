import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ReadSecret, SecretForm } from '../delivery/sink.ts';
import { ConfigError } from '../errors.ts';

const REMEMBER_MS = 5 * 60 * 1000;
/** That there is none: not for long, or what waits for it would wait longer; long enough for a crowd to be one question. */
const REMEMBER_ABSENCE_MS = 5000;

interface ParameterOptions {
  readonly form?: SecretForm;
  readonly nowMs?: () => number;
}

/**
 * A secret behind SSM's GetParameter, read on first use and remembered for five minutes, so that rotating it needs
 * no redeploy. Questions that are asked together are one request. `name` is a parameter's name or ARN, or
 * `/aws/reference/secretsmanager/<secret>`, where SSM hands on what Secrets Manager holds
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html).
 *
 * A parameter that does not exist means "not configured", and is remembered for five seconds. Throws ConfigError when it may not be read, is blank or
 * has another form, and Error when SSM cannot answer now; each names the parameter and never what it holds.
 */
export function parameter(ssm: SSMClient, name: string, options: ParameterOptions = {}): ReadSecret {
  const { form, nowMs = Date.now } = options;
  let remembered: { readonly value: string | undefined; readonly atMs: number } | undefined;
  let asking: Promise<string | undefined> | undefined;

  async function ask(): Promise<string | undefined> {
    const held = await read(ssm, name);
    const value = held === undefined ? undefined : checked(held.trim(), name, form);
    remembered = { value, atMs: nowMs() };
    return value;
  }

  return async ({ refresh } = { refresh: false }) => {
    if (!refresh && remembered && nowMs() - remembered.atMs < lifeMs(remembered.value))
      return remembered.value;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

function lifeMs(value: string | undefined): number {
  return value === undefined ? REMEMBER_ABSENCE_MS : REMEMBER_MS;
}

async function read(ssm: SSMClient, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value ?? '';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ParameterNotFound') return undefined;
    throw cannotRead(name, code);
  }
}

function checked(value: string, name: string, form: SecretForm | undefined): string {
  if (value === '')
    throw new ConfigError(`the parameter ${name} is blank: put ${form?.description ?? 'the secret'} into it`);
  if (form && !form.accepts(value)) {
    throw new ConfigError(
      `the parameter ${name} does not hold ${form.description}: put that into it, as plain text`,
    );
  }
  return value;
}

/** Of an error only its code is told: the text of a broken answer may quote the answer, and that is the secret. */
function codeOf(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return /^[A-Za-z]{1,60}$/.test(name) ? name : 'UnknownError';
}

/** SSM's codes for "may not": https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
function cannotRead(name: string, code: string): Error {
  if (/AccessDenied|InvalidKeyId|KMS|NotAuthorized/i.test(code)) {
    return new ConfigError(
      `the parameter ${name} may not be read (${code}): the function's role needs ssm:GetParameter on it, secretsmanager:GetSecretValue where it refers to a secret, and kms:Decrypt where the key is your own`,
    );
  }
  return new Error(`the parameter ${name} cannot be read now (${code})`);
}
