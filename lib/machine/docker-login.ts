import { readFile } from 'node:fs/promises';
import { type Reading, reading } from '../doctor/reading.ts';
import { untrusted } from '../image/untrusted.ts';
import { toInstant } from '../instant.ts';
import type { LoginFacts } from '../troubleshoot/facts.ts';

/**
 * What docker has for a registry, from its `config.json`. A password is read only for the time inside of ECR's
 * tokens, and leaves this function in no form; a credential store is not asked. Absent without the file.
 * https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export function readLogin(file: string, host: string): Promise<Reading<LoginFacts>> {
  return reading(`read ${file}`, async () => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw Object.assign(new Error(`${file} cannot be read`), { name: error.code ?? 'failed' });
    });
    return text === undefined ? undefined : loginIn(parsed(text, file), host);
  });
}

/** A helper for this registry goes before the store of all, and the store before what stands in the file. */
function loginIn(config: Fields, host: string): LoginFacts {
  const helper = fieldsOf(config.credHelpers)[host] ?? config.credsStore;
  if (typeof helper === 'string' && helper !== '') return { kind: 'program', program: untrusted(helper) };
  const auths = fieldsOf(config.auths);
  const { auth, password } = fieldsOf(auths[host] ?? auths[`https://${host}`]);
  const secret = typeof auth === 'string' ? decoded(auth).replace(/^AWS:/, '') : password;
  if (typeof secret !== 'string' || secret === '') return { kind: 'none' };
  return endOf(secret);
}

/** A token of ECR's is JSON in base64, with the second that it ends in: https://github.com/CircleCI-Public/aws-ecr-orb/issues/265 */
function endOf(secret: string): LoginFacts {
  const { expiration } = fieldsOf(lenient(decoded(secret)));
  const endsAt = new Date(typeof expiration === 'number' ? expiration * 1000 : Number.NaN);
  return Number.isNaN(endsAt.getTime()) ? { kind: 'password' } : { kind: 'token', endsAt: toInstant(endsAt) };
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string, file: string): Fields {
  const value = lenient(text);
  if (value === undefined) throw Object.assign(new Error(`${file} is no JSON`), { name: 'failed' });
  return fieldsOf(value);
}

function lenient(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
