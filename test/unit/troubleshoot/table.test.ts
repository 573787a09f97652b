import { readFileSync } from 'node:fs';
import * as ecr from '@aws-sdk/client-ecr';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { CAUSE_IDS } from '../../../lib/troubleshoot/cause.ts';
import { near } from '../../../lib/troubleshoot/near.ts';
import { troubleshootingPage } from '../../../lib/troubleshoot/page.ts';
import { recognise } from '../../../lib/troubleshoot/recognise.ts';
import { CAUSES } from '../../../lib/troubleshoot/table.ts';

function idsOf(text: string): readonly string[] {
  return recognise(text, CAUSES).map(({ id }) => id);
}

test('docs/troubleshooting.md is made from the table; npm run docs:troubleshooting makes it again', () => {
  expect(troubleshootingPage()).toBe(readFileSync('docs/troubleshooting.md', 'utf8'));
});

describe('every row', () => {
  test.each(CAUSES)('$id is whole', ({ symptoms, directions, title, because, fix, source }) => {
    expect(symptoms.length).toBeGreaterThan(0);
    expect(directions.length).toBeGreaterThan(0);
    for (const words of [title, because, fix]) expect(words).toMatch(/\S/);
    expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|docs\.docker\.com|repost\.aws)\//);
    expect(title).not.toMatch(/\.$/);
  });

  test('stands once, in the order of the names', () => {
    expect(CAUSES.map(({ id }) => id)).toEqual(CAUSE_IDS);
  });

  test.each(CAUSES.flatMap(({ id, symptoms }) => symptoms.map((it) => [id, it] as const)))(
    '%s is recognised by: %s',
    (id, symptom) => {
      const printed = `Error response from daemon: ${symptom.replaceAll('…', ' 0a1b2c/x:y@z ')}\nexit status 1`;
      expect(idsOf(printed)).toContain(id);
      expect(idsOf(printed.toUpperCase().replaceAll(' ', '\n  '))).toContain(id);
    },
  );
});

describe('every command of the AWS CLI that a fix names is there', () => {
  const clients: Readonly<Record<string, object>> = { ecr, iam, sts };
  const named = CAUSES.flatMap(({ fix }) => [...fix.matchAll(/\baws (ecr|iam|sts) ([a-z-]+)/g)]);

  test.each([...new Set(named.map(([, service, command]) => `${service} ${command}`))])('aws %s', (name) => {
    const [service = '', command = ''] = name.split(' ');
    const operation = command.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase());
    // The CLI's own, around GetAuthorizationToken.
    const wanted = operation === 'GetLoginPassword' ? 'GetAuthorizationToken' : operation;
    expect(Object.keys(clients[service] ?? {})).toContain(`${wanted}Command`);
  });
});

// As people have posted them, with their registries taken out.
describe('what docker and ECS print', () => {
  test.each([
    [
      'Error response from daemon: Head "https://111122223333.dkr.ecr.us-west-2.amazonaws.com/v2/demo/manifests/v0.2.0": no basic auth credentials',
      ['registry', 'docker-login'],
    ],
    ['denied: Your authorization token has expired. Reauthenticate and try again.', ['docker-login']],
    [
      "ERROR: tag invalid: The image tag 'abc' already exists in the 'demo' repository and cannot be overwritten because the repository is immutable.",
      ['tag-taken'],
    ],
    [
      "pull access denied for 111122223333.dkr.ecr.us-west-2.amazonaws.com/redis, repository does not exist or may require 'docker login': denied: User: arn:aws:sts::111122223333:assumed-role/b/s is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-west-2:111122223333:repository/redis because no identity-based policy allows the ecr:BatchGetImage action",
      ['docker-login', 'repository', 'rights'],
    ],
    [
      'denied: User: arn:aws:iam::1:user/me is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-west-2:2:repository/x because no resource-based policy allows the ecr:BatchGetImage action',
      ['rights', 'policy'],
    ],
    [
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/a:latest: pulling from host 111122223333.dkr.ecr.us-east-1.amazonaws.com failed with status code [manifests latest]: 403 Forbidden',
      ['rights'],
    ],
    [
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/demo:tag@sha256:0a1b: not found',
      ['tag-missing', 'archived'],
    ],
    [
      'error pulling image configuration: Get https://prod-us-east-1-starport-layer-bucket.s3.amazonaws.com/x: dial tcp: i/o timeout',
      ['network-s3'],
    ],
    [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout',
      ['network-api'],
    ],
    ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device', ['disk']],
    ['toomanyrequests: Rate exceeded', ['throttled']],
    ['standard_init_linux.go:228: exec user process caused: exec format error', ['platform']],
    [
      "name unknown: The repository with name 'demo' does not exist in the registry with id '111122223333'",
      ['repository'],
    ],
  ])('%s', (text, ids) => {
    expect(idsOf(text)).toEqual(ids);
  });

  test.each(['', ' ', 'all is well', '…', 'does not exist in the registry with id', '\u0000\u202e'])(
    '%j is not known',
    (text) => {
      expect(idsOf(text)).toEqual([]);
    },
  );

  test('a long and hostile text is read in no time', () => {
    const startedMs = performance.now();
    for (const { symptoms } of CAUSES)
      for (const symptom of symptoms) idsOf((symptom.split('…')[0] ?? '').repeat(20_000));
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});

describe('names that are alike', () => {
  test.each([
    ['demo-apo', ['demo-api'], ['demo-api']],
    ['demo-api', ['team/demo-api', 'demo-app', 'shop'], ['team/demo-api', 'demo-app']],
    ['v1.0.1', ['v1.0.0', 'v2.7.3', 'latest'], ['v1.0.0']],
    ['demo', ['demo'], []],
    ['a', ['b'.repeat(300)], []],
  ])('%s among %j: %j', (name, names, expected) => {
    expect(near(name, names)).toEqual(expected);
  });
});
