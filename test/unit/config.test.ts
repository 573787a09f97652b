import { describe, expect, test } from 'vitest';
import {
  afterLostReply,
  allowsLoopback,
  awsEndpoint,
  callsPerSecond,
  debounceSeconds,
  dockerFolder,
  type Environment,
  foldRuleOf,
  forgeToken,
  forgeUrl,
  functionName,
  hasHttpsProxy,
  memberAccounts,
  networkUrl,
  optional,
  patienceOf,
  policyOf,
  readerRole,
  readsBlobs,
  referrersAfterSeconds,
  required,
  scansPerSecond,
  sourceHosts,
  tellsChat,
  useZone,
} from '../../lib/config.ts';
import { datadogUrl, slackApiUrl, slackChannel } from '../../lib/destinations.ts';
import { ConfigError } from '../../lib/errors.ts';
import { SEVERITIES } from '../../lib/scan/severity.ts';

/** An environment with one of our variables. */
function withVariable(name: string, value: string): Environment {
  return { [`SCAN_RESPONSE_${name}`]: value };
}

test.each([
  ['set', 'queue', 'queue'],
  ['with blanks around', ' queue\n', 'queue'],
])('a variable that is %s', (_, value, expected) => {
  expect(optional(withVariable('X', value), 'X')).toBe(expected);
  expect(required(withVariable('X', value), 'X')).toBe(expected);
});

test.each([
  ['missing', {}],
  ['empty', withVariable('X', '')],
  ['blank', withVariable('X', '  ')],
  ['without our prefix', { X: 'queue' }],
])('a variable that is %s', (_, env) => {
  expect(optional(env, 'X')).toBeUndefined();
  expect(() => required(env, 'X')).toThrow(new ConfigError('SCAN_RESPONSE_X is not set'));
});

describe('what is not set', () => {
  test('has a default', () => {
    const trackedTags = ['latest', '*-latest', 'main', 'master', 'release-*'];
    expect(policyOf({})).toEqual({ notifyAt: 'CRITICAL', trackedTags });
    expect(patienceOf({})).toEqual({ graceSeconds: 120, readinessSeconds: 1800, retrySeconds: 5 });
    expect(foldRuleOf({})).toEqual({ after: 5, windowSeconds: 60 });
    expect(functionName({})).toBe('');
    expect(datadogUrl({})).toBe('https://api.datadoghq.com');
    expect(allowsLoopback({})).toBe(false);
    expect(afterLostReply({})).toBe('resend');
  });
});

describe('what is set', () => {
  test.each(SEVERITIES)('notify at %s', (severity) => {
    expect(policyOf(withVariable('NOTIFY_AT', severity)).notifyAt).toBe(severity);
  });

  test('after a lost reply', () => {
    expect(afterLostReply(withVariable('AFTER_LOST_REPLY', ' hold'))).toBe('hold');
    expect(() => afterLostReply(withVariable('AFTER_LOST_REPLY', 'maybe'))).toThrow(
      new ConfigError('SCAN_RESPONSE_AFTER_LOST_REPLY must be resend or hold'),
    );
  });

  test('tracked tags', () => {
    const env = withVariable('TRACKED_TAGS', 'main, release-* ,latest');
    expect(policyOf(env).trackedTags).toEqual(['main', 'release-*', 'latest']);
  });

  test.each([
    ['SIBLING_GRACE_SECONDS', 'graceSeconds'],
    ['READINESS_SECONDS', 'readinessSeconds'],
    ['RETRY_SECONDS', 'retrySeconds'],
  ] as const)('%s', (name, field) => {
    expect(patienceOf(withVariable(name, '7'))[field]).toBe(7);
    expect(patienceOf(withVariable(name, '0'))[field]).toBe(0);
    expect(patienceOf(withVariable(name, '0.5'))[field]).toBe(0.5);
  });

  test.each([
    ['', undefined],
    ['0', undefined],
    ['604800', 604_800],
  ])('RENOTIFY_AFTER_SECONDS=%j', (value, expected) => {
    expect(policyOf(withVariable('RENOTIFY_AFTER_SECONDS', value)).renotifyAfterSeconds).toBe(expected);
  });

  test.each([
    ['', 120],
    ['0', 0],
    ['3600', 900],
  ])('DEBOUNCE_SECONDS=%j: SQS delays by %i s', (value, expected) => {
    expect(debounceSeconds(withVariable('DEBOUNCE_SECONDS', value))).toBe(expected);
  });

  test.each([
    ['', []],
    ['222233334444', ['222233334444']],
    [' 222233334444, 333344445555,', ['222233334444', '333344445555']],
  ])('MEMBER_ACCOUNTS=%j', (value, expected) => {
    expect([...memberAccounts(withVariable('MEMBER_ACCOUNTS', value))]).toEqual(expected);
  });

  test('the role of a member', () => {
    const env = withVariable('READER_ROLE', 'arn:aws-cn:iam::*:role/scan-response-prod-reader');
    expect(readerRole(env, '222233334444')).toBe(
      'arn:aws-cn:iam::222233334444:role/scan-response-prod-reader',
    );
  });

  test.each(['datadoghq.eu', 'us5.datadoghq.com', 'ddog-gov.com'])('Datadog’s site %s', (site) => {
    expect(datadogUrl(withVariable('DATADOG_SITE', site))).toBe(`https://api.${site}`);
  });

  test('Datadog on this machine', () => {
    expect(datadogUrl(withVariable('DATADOG_URL', 'http://127.0.0.1:8126'))).toBe('http://127.0.0.1:8126');
  });

  test.each([
    ['1', true],
    ['true', false],
    ['0', false],
  ])('ALLOW_LOOPBACK=%s is %s', (value, expected) => {
    expect(allowsLoopback(withVariable('ALLOW_LOOPBACK', value))).toBe(expected);
  });
});

describe('what is wrong is named, with what it should hold', () => {
  test.each<[string, string, (env: Environment) => unknown]>([
    ['NOTIFY_AT', 'critical', policyOf],
    ['NOTIFY_AT', 'SEVERE', policyOf],
    ['SIBLING_GRACE_SECONDS', 'two minutes', patienceOf],
    ['READINESS_SECONDS', '-1', patienceOf],
    ['RETRY_SECONDS', 'Infinity', patienceOf],
    ['RETRY_SECONDS', 'NaN', patienceOf],
    ['RENOTIFY_AFTER_SECONDS', 'weekly', policyOf],
    ['DEBOUNCE_SECONDS', '-1', debounceSeconds],
    ['SCANS_PER_SECOND', '0', scansPerSecond],
    ['RECONCILE_CALLS_PER_SECOND', '0', callsPerSecond],
    ['MEMBER_ACCOUNTS', '222233334444;333344445555', memberAccounts],
    ['MEMBER_ACCOUNTS', '*', memberAccounts],
    ['READ_BLOBS', '1', readsBlobs],
    ['READ_BLOBS', 'yes', readsBlobs],
    ['REFERRERS_AFTER_SECONDS', 'soon', referrersAfterSeconds],
    ['DATADOG_SITE', 'datadoghq.com.evil.example', datadogUrl],
    ['DATADOG_SITE', 'https://api.datadoghq.com', datadogUrl],
    ['DATADOG_URL', 'https://api.datadoghq.com', datadogUrl],
    ['DATADOG_URL', 'http://localhost:8126', datadogUrl],
    ['DATADOG_URL', 'http://127.0.0.1', datadogUrl],
    ['DATADOG_URL', 'http://127.0.0.1:80@evil.example', datadogUrl],
    ['DATADOG_URL', 'http://127.0.0.1:80/../evil', datadogUrl],
    ['DATADOG_URL', 'http://127.0.0.1.evil.example:80', datadogUrl],
    ['DATADOG_URL', 'http://169.254.169.254:80', datadogUrl],
  ])('%s=%s', (name, value, read) => {
    expect(() => read(withVariable(name, value))).toThrow(ConfigError);
    expect(() => read(withVariable(name, value))).toThrow(`SCAN_RESPONSE_${name}`);
    expect(() => read(withVariable(name, value))).toThrow(/must be|may only be/);
  });
});

test.each([
  ['SLACK_DIGEST_AFTER', '0'],
  ['SLACK_DIGEST_AFTER', '2.5'],
  ['SLACK_DIGEST_AFTER', 'never'],
  ['SLACK_DIGEST_WINDOW_SECONDS', '0'],
  ['SLACK_DIGEST_WINDOW_SECONDS', '601'],
])('%s may not be %s', (name, value) => {
  expect(() => foldRuleOf(withVariable(name, value))).toThrow(`SCAN_RESPONSE_${name} must be`);
});

test('when messages fold is what the stack was deployed with', () => {
  const env = {
    ...withVariable('SLACK_DIGEST_AFTER', '3'),
    ...withVariable('SLACK_DIGEST_WINDOW_SECONDS', '20'),
  };
  expect(foldRuleOf(env)).toEqual({ after: 3, windowSeconds: 20 });
});

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ['', false],
  ['false', false],
  ['true', true],
])('READ_BLOBS=%s: blobs are read: %s', (value, expected) => {
  expect(readsBlobs(value === undefined ? {} : withVariable('READ_BLOBS', value))).toBe(expected);
});

test.each<[string | undefined, number]>([
  [undefined, 300],
  ['0', 0],
  ['60', 60],
  ['420', 420],
  ['900', 420],
])('REFERRERS_AFTER_SECONDS=%s: after %i s', (value, expected) => {
  expect(
    referrersAfterSeconds(value === undefined ? {} : withVariable('REFERRERS_AFTER_SECONDS', value)),
  ).toBe(expected);
});

describe('the hosts of source code', () => {
  test('are the public ones and those that are named', () => {
    expect(sourceHosts({})).toMatchObject({ 'github.com': 'github', 'gitlab.com': 'gitlab' });
    const own = withVariable('SOURCE_HOSTS', 'git.example.com=gitlab, ghe.example.com:8443=github');
    expect(sourceHosts(own)).toMatchObject({
      ...{ 'git.example.com': 'gitlab', 'ghe.example.com:8443': 'github', 'github.com': 'github' },
    });
  });

  test.each(['git.example.com', 'git.example.com=svn', '=gitlab', 'https://x=gitlab', 'x=constructor'])(
    '%s is refused',
    (value) => {
      expect(() => sourceHosts(withVariable('SOURCE_HOSTS', value))).toThrow(ConfigError);
    },
  );

  test('a token goes to its own host only', () => {
    const env = { GITHUB_TOKEN: 'hub', GITLAB_TOKEN: 'lab' };
    expect(forgeToken(env, 'github.com', 'github')).toBe('hub');
    expect(forgeToken(env, 'gitlab.com', 'gitlab')).toBe('lab');
    for (const [host, kind] of [
      ['ghe.example.com', 'github'],
      ['github.com', 'gitlab'],
      ['codeberg.org', 'gitea'],
    ] as const)
      expect(forgeToken(env, host, kind)).toBeUndefined();
    const own = { ...env, GH_HOST: 'ghe.example.com' };
    expect(forgeToken(own, 'ghe.example.com', 'github')).toBe('hub');
    expect(forgeToken(own, 'github.com', 'github')).toBeUndefined();
  });

  test('what stands for their APIs is on this machine', () => {
    expect(forgeUrl({})).toBeUndefined();
    expect(forgeUrl(withVariable('FORGE_URL', 'http://127.0.0.1:80'))).toBe('http://127.0.0.1:80');
    for (const url of ['https://api.github.com', 'http://localhost:1', 'http://127.0.0.1:1@evil.example'])
      expect(() => forgeUrl(withVariable('FORGE_URL', url))).toThrow(ConfigError);
  });
});

describe('a push or a pull that is looked into', () => {
  test('services without a client are asked where the SDK would ask them', () => {
    expect(awsEndpoint({}, 'ec2', 'eu-west-1')).toBe('https://ec2.eu-west-1.amazonaws.com');
    expect(awsEndpoint({}, 'kms', 'cn-north-1')).toBe('https://kms.cn-north-1.amazonaws.com.cn');
    const given = { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_KMS: 'http://kms' };
    expect(awsEndpoint(given, 'ec2', 'eu-west-1')).toBe('http://all');
    expect(awsEndpoint(given, 'kms', 'eu-west-1')).toBe('http://kms');
  });

  test('docker’s settings and the proxy are where docker looks', () => {
    expect(dockerFolder({}, '/home/me')).toBe('/home/me/.docker');
    expect(dockerFolder({ DOCKER_CONFIG: '/etc/d' }, '/home/me')).toBe('/etc/d');
    expect([{}, { HTTPS_PROXY: 'http://p' }, { https_proxy: 'http://p' }].map(hasHttpsProxy)).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('what stands for ECR’s hosts is on this machine', () => {
    expect(networkUrl({})).toBeUndefined();
    expect(networkUrl(withVariable('NETWORK_URL', 'http://127.0.0.1:80'))?.hostname).toBe('127.0.0.1');
    for (const url of ['https://evil.example', 'http://localhost:1', 'http://127.0.0.1:1@evil.example'])
      expect(() => networkUrl(withVariable('NETWORK_URL', url))).toThrow(ConfigError);
  });
});

describe('Slack', () => {
  test('its Web API is its own, or on this machine', () => {
    expect(slackApiUrl({})).toBe('https://slack.com/api');
    expect(slackApiUrl(withVariable('SLACK_API_URL', 'http://127.0.0.1:80'))).toBe('http://127.0.0.1:80/api');
    for (const url of ['https://slack.com.evil.example', 'http://localhost:1', 'http://slack.com'])
      expect(() => slackApiUrl(withVariable('SLACK_API_URL', url))).toThrow(ConfigError);
  });

  test("the channel is a channel's id, or absent", () => {
    expect(slackChannel({})).toBeUndefined();
    expect(slackChannel(withVariable('SLACK_CHANNEL', 'C0123456789'))).toBe('C0123456789');
    for (const channel of ['#security', 'security', 'c0123456789', 'U0123456789', 'C01#REF'])
      expect(() => slackChannel(withVariable('SLACK_CHANNEL', channel))).toThrow(ConfigError);
  });
});

test('a zone that is none is refused, and changes nothing', () => {
  const { TZ } = process.env;
  expect(() => useZone('Mars/Base')).toThrow('no such time zone: "Mars/Base"');
  expect(process.env.TZ).toBe(TZ);
});

test.each([
  ['', false],
  ['false', false],
  ['true', true],
])('with CHAT_TOPIC %j chat is told: %s', (text, expected) => {
  expect(tellsChat(withVariable('CHAT_TOPIC', text))).toBe(expected);
});
