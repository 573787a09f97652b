import type { Environment } from '../config.ts';
import { datadogApiUrl } from '../destinations.ts';
import { ConfigError } from '../errors.ts';

/** A person's access to Datadog, as its own tools take it from the environment. */
interface DatadogAccess {
  readonly apiKey: string;
  readonly appKey: string;
  readonly site: string;
  /** `https://api.<site>`, without a trailing slash. */
  readonly baseUrl: string;
}

/**
 * `DD_API_KEY`, `DD_APP_KEY` and `DD_SITE`, or the same with `DATADOG_`, as Datadog's command line and its Terraform
 * provider read them. Throws ConfigError that says what is missing, and shows no key.
 */
export function datadogAccess(env: Environment): DatadogAccess {
  const site = callersSite(env);
  const apiKey = datadogKey(env, 'API_KEY');
  const appKey = datadogKey(env, 'APP_KEY');
  return { apiKey, appKey, site, baseUrl: datadogApiUrl(env, site, 'DD_SITE') };
}

/** The site of a person's access: datadoghq.com without a word about it. */
export function callersSite(env: Environment): string {
  return (
    env.DD_SITE?.trim() ||
    env.DATADOG_SITE?.trim() ||
    env.SCAN_RESPONSE_DATADOG_SITE?.trim() ||
    'datadoghq.com'
  );
}

/** What an application key must be allowed: https://docs.datadoghq.com/account_management/api-app-keys/#scopes */
export const SCOPES = 'monitors_read, monitors_write, dashboards_read, dashboards_write';

function datadogKey(env: Environment, name: 'API_KEY' | 'APP_KEY'): string {
  const key = env[`DD_${name}`]?.trim() || env[`DATADOG_${name}`]?.trim();
  if (key === undefined || key === '')
    throw new ConfigError(
      name === 'API_KEY'
        ? 'DD_API_KEY is not set: the API key of your organization, as in its settings at Datadog'
        : `DD_APP_KEY is not set: an application key of yours with the scopes ${SCOPES} (plan needs the two that read)`,
    );
  if (!/^[A-Za-z0-9_-]{8,128}$/.test(key))
    throw new ConfigError(`DD_${name} is not a key of Datadog: letters, digits, "-" and "_" only`);
  return key;
}

/** Whether a proxy is wished for that Node's fetch does not know of. */
export function hasUnusedProxy(env: Environment): boolean {
  return Boolean(env.HTTPS_PROXY || env.https_proxy) && !env.NODE_USE_ENV_PROXY;
}

/** The region that AWS's own tools would take; undefined where only a profile says it. */
export function callersRegion(env: Environment): string | undefined {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined;
}
