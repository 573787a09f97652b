import type { FoldRule } from './delivery/fold.ts';
import { AFTER_LOST_REPLY, type AfterLostReply } from './delivery/repeat-rule.ts';
import { ConfigError } from './errors.ts';
import type { Patience } from './find-subjects.ts';
import { type HostKind, type Hosts, isHostKind, PUBLIC_HOSTS } from './image/links.ts';
import type { Policy } from './policy/policy.ts';
import type { ReconcilePatience } from './reconcile/ports.ts';
import { SEVERITIES } from './scan/severity.ts';

/** Names and values as environment variables hold them. Secrets are never among them, only their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment: this file is its only reader. */
export const environment: Environment = process.env;

/** Has times of this process read and printed in a zone (`Europe/Berlin`); throws ConfigError for what is none. */
export function useZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    throw new ConfigError(
      `no such time zone: ${JSON.stringify(name.slice(0, 40))}. Try Europe/Berlin or UTC`,
    );
  }
  process.env.TZ = name;
}

/** The value of `SCAN_RESPONSE_<name>`; throws ConfigError when it is missing or empty. */
export function required(env: Environment, name: string): string {
  const value = optional(env, name);
  if (value === undefined) throw new ConfigError(`SCAN_RESPONSE_${name} is not set`);
  return value;
}

/** The value of `SCAN_RESPONSE_<name>`, or undefined when it is missing or empty. */
export function optional(env: Environment, name: string): string | undefined {
  return env[`SCAN_RESPONSE_${name}`]?.trim() || undefined;
}

/** The function that runs, by the name that Lambda gives it; empty elsewhere. */
export function functionName(env: Environment): string {
  return env.AWS_LAMBDA_FUNCTION_NAME ?? '';
}

/** Whether Lambda started this process, and waits for it. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export function isStartedByLambda(env: Environment): boolean {
  return Boolean(env.AWS_LAMBDA_INITIALIZATION_TYPE);
}

/** A number, 0 or more; throws ConfigError when it is something else. */
function amount(env: Environment, name: string, otherwise: number): number {
  const text = optional(env, name);
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value < 0) {
    throw new ConfigError(`SCAN_RESPONSE_${name} must be a number, 0 or more, not ${JSON.stringify(text)}`);
  }
  return value;
}

/** Which references are followed, and from which severity on people hear about findings. */
export function policyOf(env: Environment): Policy {
  const notifyAt = SEVERITIES.find((severity) => severity === (optional(env, 'NOTIFY_AT') ?? 'CRITICAL'));
  if (!notifyAt) throw new ConfigError(`SCAN_RESPONSE_NOTIFY_AT must be one of ${SEVERITIES.join(', ')}`);
  const trackedTags = (optional(env, 'TRACKED_TAGS') ?? 'latest,*-latest,main,master,release-*')
    .split(',')
    .map((it) => it.trim());
  const renotifyAfterSeconds = amount(env, 'RENOTIFY_AFTER_SECONDS', 0);
  return { notifyAt, trackedTags, ...(renotifyAfterSeconds > 0 && { renotifyAfterSeconds }) };
}

/** For how long findings of one image are gathered before its scan is read again: SQS delays by 900 s at most. */
export function debounceSeconds(env: Environment): number {
  return Math.min(900, amount(env, 'DEBOUNCE_SECONDS', 120));
}

/** How long to wait for what is not there yet; two minutes for siblings, half an hour for findings. */
export function patienceOf(env: Environment): Patience {
  return {
    graceSeconds: amount(env, 'SIBLING_GRACE_SECONDS', 120),
    readinessSeconds: amount(env, 'READINESS_SECONDS', 1800),
    retrySeconds: amount(env, 'RETRY_SECONDS', 5),
  };
}

/** When messages to Slack fold into one: more than five in a minute. */
export function foldRuleOf(env: Environment): FoldRule {
  const after = amount(env, 'SLACK_DIGEST_AFTER', 5);
  const windowSeconds = amount(env, 'SLACK_DIGEST_WINDOW_SECONDS', 60);
  if (!Number.isInteger(after) || after < 1)
    throw new ConfigError('SCAN_RESPONSE_SLACK_DIGEST_AFTER must be a whole number, 1 or more');
  if (windowSeconds < 1 || windowSeconds > 600)
    throw new ConfigError('SCAN_RESPONSE_SLACK_DIGEST_WINDOW_SECONDS must be from 1 to 600');
  return { after, windowSeconds };
}

/** How long a message waits for the secret of its sink before the sink counts as off: a quarter of an hour. */
export function offAfterSeconds(env: Environment): number {
  return amount(env, 'SINK_OFF_AFTER_SECONDS', 900);
}

/** What happens where nobody knows whether a message arrived and the destination cannot fold a repeat. */
export function afterLostReply(env: Environment): AfterLostReply {
  const text = optional(env, 'AFTER_LOST_REPLY') ?? 'resend';
  const wanted = AFTER_LOST_REPLY.find((it) => it === text);
  if (!wanted)
    throw new ConfigError(`SCAN_RESPONSE_AFTER_LOST_REPLY must be ${AFTER_LOST_REPLY.join(' or ')}`);
  return wanted;
}

/** How long the reconciler leaves alone what may still come: five minutes for an event, an hour for a first scan. */
export function reconcilePatienceOf(env: Environment): ReconcilePatience {
  return {
    graceSeconds: amount(env, 'EVENT_GRACE_SECONDS', 300),
    overdueSeconds: amount(env, 'SCAN_OVERDUE_SECONDS', 3600),
  };
}

/** The event bus that verdicts are put on, by name or ARN; undefined where nobody asked for them. */
export function verdictBus(env: Environment): string | undefined {
  return optional(env, 'VERDICT_BUS');
}

/** Whether notices go to the topic for chat applications as well. */
export function tellsChat(env: Environment): boolean {
  return optional(env, 'CHAT_TOPIC') === 'true';
}

/** How often the reconciler may ask the registry; throws ConfigError for what is no number above 0. */
export function callsPerSecond(env: Environment): number {
  return rate(env, 'RECONCILE_CALLS_PER_SECOND', 10);
}

/** How many scans one process may begin to answer; throws ConfigError for what is no number above 0. */
export function scansPerSecond(env: Environment): number {
  return rate(env, 'SCANS_PER_SECOND', 2);
}

function rate(env: Environment, name: string, otherwise: number): number {
  const value = amount(env, name, otherwise);
  if (value === 0) throw new ConfigError(`SCAN_RESPONSE_${name} must be above 0`);
  return value;
}

/** Whether blobs of images may be read; their role has the right to only when this is set in the template. */
export function readsBlobs(env: Environment): boolean {
  const text = optional(env, 'READ_BLOBS') ?? 'false';
  if (text !== 'true' && text !== 'false')
    throw new ConfigError('SCAN_RESPONSE_READ_BLOBS must be true or false');
  return text === 'true';
}

/**
 * How long after an image we look for what was pushed about it; 0: never. At most seven minutes: a message that waits
 * for ten rings the alarm of its queue.
 */
export function referrersAfterSeconds(env: Environment): number {
  return Math.min(420, amount(env, 'REFERRERS_AFTER_SECONDS', 300));
}

/** Accounts whose registries are read with a role of theirs; throws ConfigError for what is no account id. */
export function memberAccounts(env: Environment): ReadonlySet<string> {
  const accounts = (optional(env, 'MEMBER_ACCOUNTS') ?? '').split(',').flatMap((it) => it.trim() || []);
  if (accounts.some((it) => !/^\d{12}$/.test(it)))
    throw new ConfigError(
      'SCAN_RESPONSE_MEMBER_ACCOUNTS must be account ids of 12 digits, with commas between',
    );
  return new Set(accounts);
}

/** The ARN of the role that reads a member's registry: the setting has `*` where the account stands. */
export function readerRole(env: Environment, account: string): string {
  return required(env, 'READER_ROLE').replace('*', account);
}

/** The hosts that commits may be linked to: the public ones, and `git.example.com=gitlab, …`; throws ConfigError. */
export function sourceHosts(env: Environment): Hosts {
  const pairs = (optional(env, 'SOURCE_HOSTS') ?? '').split(',').flatMap((it) => it.trim() || []);
  const own = pairs.map((pair): readonly [string, HostKind] => {
    const [, host, kind = ''] = /^([a-z0-9.-]+(?::\d{1,5})?)=([a-z-]+)$/.exec(pair) ?? [];
    if (host && isHostKind(kind)) return [host, kind];
    throw new ConfigError(
      'SCAN_RESPONSE_SOURCE_HOSTS takes host=kind, with commas between, as git.example.com=gitlab',
    );
  });
  return { ...PUBLIC_HOSTS, ...Object.fromEntries(own) };
}

/**
 * The caller's token for a host's API, as gh and glab take it: `GITHUB_TOKEN` is for `GH_HOST` (github.com) and
 * `GITLAB_TOKEN` for `GITLAB_HOST` (gitlab.com); it goes to no other host.
 */
export function forgeToken(env: Environment, host: string, kind: string): string | undefined {
  if (kind === 'github' && host === (env.GH_HOST || 'github.com')) return env.GITHUB_TOKEN || undefined;
  if (kind === 'gitlab' && host === (env.GITLAB_HOST || 'gitlab.com')) return env.GITLAB_TOKEN || undefined;
  return undefined;
}

/** Where a step of GitHub Actions may leave its summary, if it may; undefined outside of GitHub Actions. */
export function githubStep(env: Environment): { readonly summaryFile?: string } | undefined {
  if (env.GITHUB_ACTIONS !== 'true') return undefined;
  return env.GITHUB_STEP_SUMMARY ? { summaryFile: env.GITHUB_STEP_SUMMARY } : {};
}

/** What stands for the APIs of the source's hosts, for tests: only on this machine; throws ConfigError. */
export function forgeUrl(env: Environment): string | undefined {
  const url = optional(env, 'FORGE_URL');
  if (url !== undefined && !isLoopback(url))
    throw new ConfigError('SCAN_RESPONSE_FORGE_URL may only be http://127.0.0.1:<port>');
  return url;
}

/** True where the embedded stack runs: then, and only then, a webhook may be on this machine. */
export function allowsLoopback(env: Environment): boolean {
  return optional(env, 'ALLOW_LOOPBACK') === '1';
}

/** True for a plain address on this machine with a port. */
export function isLoopback(url: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+$/.test(url);
}

/** Where a service without a client of its own is asked: as the SDK's clients read it, or at the service's address. */
export function awsEndpoint(env: Environment, service: 'ec2' | 'kms', region: string): string {
  const given = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || env.AWS_ENDPOINT_URL;
  return given || `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** The folder of docker's settings. https://docs.docker.com/reference/cli/docker/#environment-variables */
export function dockerFolder(env: Environment, home: string): string {
  return env.DOCKER_CONFIG || `${home}/.docker`;
}

/** True where HTTPS goes through a proxy, as docker and curl read it. */
export function hasHttpsProxy(env: Environment): boolean {
  return Boolean(env.HTTPS_PROXY || env.https_proxy);
}

/** What is connected to instead of ECR and its layers, for tests: only on this machine; throws ConfigError. */
export function networkUrl(env: Environment): URL | undefined {
  const url = optional(env, 'NETWORK_URL');
  if (url !== undefined && !isLoopback(url))
    throw new ConfigError('SCAN_RESPONSE_NETWORK_URL may only be http://127.0.0.1:<port>');
  return url === undefined ? undefined : new URL(url);
}
