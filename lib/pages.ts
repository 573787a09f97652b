import { type Environment, optional } from './config.ts';
import { datadogSite } from './destinations.ts';
import { ConfigError } from './errors.ts';

const RUNBOOK = /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/(?:[A-Za-z0-9._~/?#=&+,:;-]|%[0-9A-Fa-f]{2})*)?$/;

/** The page that every message links to as what to do; throws ConfigError for what is no plain https address. */
export function runbookUrl(env: Environment): string | undefined {
  const url = optional(env, 'RUNBOOK_URL');
  if (url === undefined || (url.length <= 500 && RUNBOOK.test(url))) return url;
  throw new ConfigError(
    'SCAN_RESPONSE_RUNBOOK_URL must begin with https:// and have letters, digits and ._~/?#=&+,:;%- only, as https://wiki.example.com/runbook',
  );
}

/**
 * The page of our monitors in Datadog, on the site that was set; undefined where none was.
 * Source of the hosts: https://docs.datadoghq.com/getting_started/site/
 */
export function monitorsPage(env: Environment): string | undefined {
  const site = datadogSite(env);
  if (site === undefined) return undefined;
  const host = site.split('.').length > 2 ? site : `app.${site}`;
  return `https://${host}/monitors/manage?q=tag%3Amanaged_by%3Ascan-response`;
}
