import { type Environment, isLoopback, optional } from './config.ts';
import { isChannelId } from './delivery/thread.ts';
import { ConfigError } from './errors.ts';
import { BUTTONS, type Buttons } from './sinks/slack/buttons.ts';

// Where Datadog and Slack are.

const DATADOG_SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'datadoghq.eu',
  'ddog-gov.com',
  'us2.ddog-gov.com',
];

/** Where Datadog's intake is. Another address than Datadog's own must be on this machine. */
export function datadogUrl(env: Environment): string {
  const site = optional(env, 'DATADOG_SITE') ?? 'datadoghq.com';
  return datadogApiUrl(env, site, SITE_NAME);
}

const SITE_NAME = 'SCAN_RESPONSE_DATADOG_SITE';

/** The site that was set; undefined where none was. Throws ConfigError for what is no site of Datadog's. */
export function datadogSite(env: Environment): string | undefined {
  const site = optional(env, 'DATADOG_SITE');
  return site && checkedSite(site, SITE_NAME);
}

/** `https://api.<site>`; throws ConfigError for what is no site of Datadog's. `name` is where the site was set. */
export function datadogApiUrl(env: Environment, site: string, name: string): string {
  const url = optional(env, 'DATADOG_URL');
  if (url !== undefined) {
    if (isLoopback(url)) return url;
    throw new ConfigError(`SCAN_RESPONSE_DATADOG_URL may only be http://127.0.0.1:<port>; set ${name}`);
  }
  return `https://api.${checkedSite(site, name)}`;
}

function checkedSite(site: string, name: string): string {
  if (DATADOG_SITES.includes(site)) return site;
  throw new ConfigError(`${name} must be one of ${DATADOG_SITES.join(', ')}`);
}

/** Where Slack's Web API is. Another address than Slack's own must be on this machine. */
export function slackApiUrl(env: Environment): string {
  const url = optional(env, 'SLACK_API_URL') ?? 'https://slack.com';
  if (url !== 'https://slack.com' && !isLoopback(url))
    throw new ConfigError('SCAN_RESPONSE_SLACK_API_URL may only be http://127.0.0.1:<port>');
  return `${url}/api`;
}

/** The channel of notices that the policy sends nowhere else; undefined for a webhook, which has its own. */
export function slackChannel(env: Environment): string | undefined {
  const channel = optional(env, 'SLACK_CHANNEL');
  if (channel !== undefined && !isChannelId(channel))
    throw new ConfigError(
      "SCAN_RESPONSE_SLACK_CHANNEL must be a channel's id (C0123456789), which stays when its name changes",
    );
  return channel;
}

/** What people may press below an alert in Slack; undefined where Slack has no way back to us. */
export function slackButtons(env: Environment): Buttons | undefined {
  const text = optional(env, 'SLACK_BUTTONS');
  const buttons = BUTTONS.find((it) => it === text);
  if (text !== undefined && !buttons)
    throw new ConfigError(`SCAN_RESPONSE_SLACK_BUTTONS must be ${BUTTONS.join(' or ')}`);
  return buttons;
}

/** The user group of Slack whose members may ignore findings; undefined where nobody may. */
export function slackUserGroup(env: Environment): string | undefined {
  const group = optional(env, 'SLACK_USER_GROUP');
  if (group !== undefined && !/^S[A-Z0-9]{8,20}$/.test(group))
    throw new ConfigError(
      "SCAN_RESPONSE_SLACK_USER_GROUP must be a user group's id (S0123456789), which stays when its name changes",
    );
  return group;
}
