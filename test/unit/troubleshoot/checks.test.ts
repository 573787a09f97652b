import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { parseInstant } from '../../../lib/instant.ts';
import type { Direction } from '../../../lib/troubleshoot/cause.ts';
import { diagnose } from '../../../lib/troubleshoot/diagnose.ts';
import type { Facts, Question, RightFacts } from '../../../lib/troubleshoot/facts.ts';
import { causeOf } from '../../../lib/troubleshoot/table.ts';
import { aDigest } from '../../build/lineage.ts';
import { ABSENT, aConnection, anExamination, CLOCK, found, wrongWith } from '../../build/transfer.ts';

const ROLE = 'arn:aws:iam::111122223333:role/ci';
const DENIED = { state: 'denied', action: 'some:Action' } as const;

test.each(['push', 'pull'] as const)('with a healthy %s nothing is wrong', (direction) => {
  expect(wrongWith(direction)).toEqual([]);
});

function policyOf(...Statement: readonly unknown[]): Partial<Facts> {
  return { policy: found(JSON.stringify({ Statement })) };
}

function rightsOf(...rights: readonly Partial<RightFacts>[]): Partial<Facts> {
  const whole = rights.map((it) => ({ action: 'ecr:BatchGetImage', isAllowed: false, missing: [], ...it }));
  return { rights: found({ principal: ROLE, rights: whole }) };
}

const LETS = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'ecr:Batch*' };

/** Somebody of another account who is let in. */
const ACROSS: Partial<Facts> = {
  caller: found({ account: '444455556666', arn: 'arn:aws:iam::444455556666:user/me' }),
  rights: found({ principal: 'arn:aws:iam::444455556666:user/me', rights: [] }),
  ...policyOf({ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: ['ecr:*'] }),
};

type Case = readonly [string, Direction, Partial<Facts>, Partial<Question>, readonly string[], string];

describe('one thing that is wrong, and nothing else', () => {
  test.each<Case>([
    [
      'no docker here',
      'push',
      { login: ABSENT },
      {},
      ['docker-login warning'],
      'docker has no configuration on this machine',
    ],
    [
      'no DNS',
      'pull',
      { dkr: aConnection({ addresses: [], error: 'ENOTFOUND' }) },
      {},
      ['network-dkr fault'],
      'does not resolve here (ENOTFOUND)',
    ],
    [
      'an endpoint that lets nothing in',
      'pull',
      { s3: aConnection({ addresses: ['10.0.0.7'], isPrivate: true, error: 'ETIMEDOUT' }) },
      {},
      ['network-s3 fault'],
      'a private address (10.0.0.7): an endpoint, and does not answer: ETIMEDOUT',
    ],
    [
      'a certificate of somebody else',
      'push',
      { dkr: aConnection({ error: 'SELF_SIGNED_CERT_IN_CHAIN' }) },
      {},
      ['network-dkr fault'],
      'SELF_SIGNED_CERT_IN_CHAIN',
    ],
    [
      'no way out',
      'push',
      { api: aConnection({ error: 'ETIMEDOUT' }), dkr: aConnection({ error: 'ETIMEDOUT' }), s3: undefined },
      {},
      ['network-api fault', 'network-dkr fault', 'nat fault'],
      'a public address (52.1.2.3), and does not answer: ETIMEDOUT',
    ],
    [
      'a proxy',
      'push',
      {
        api: aConnection({ error: 'ETIMEDOUT', isProxied: true }),
        dkr: aConnection({ isProxied: true }),
        s3: undefined,
      },
      {},
      ['network-api unknown'],
      'HTTPS_PROXY is set',
    ],
    [
      'a disk with less than the image',
      'pull',
      { disk: found({ path: '/var/lib/docker', freeBytes: 5e8 }) },
      {},
      ['disk fault'],
      'Only 0.5 GB free in /var/lib/docker; the image is 1.0 GB, two to three times that unpacked.',
    ],
    [
      'a disk with less than the image unpacked',
      'pull',
      { disk: found({ path: '/var/lib/docker', freeBytes: 2e9 }) },
      {},
      ['disk warning'],
      'Only 2.0 GB free',
    ],
    [
      'a right that depends on a condition',
      'pull',
      rightsOf({ missing: ['aws:PrincipalTag/team'] }),
      {},
      ['rights warning'],
      'It depends on what IAM was not told: aws:PrincipalTag/team.',
    ],
    [
      'a boundary',
      'pull',
      rightsOf({ because: 'the permissions boundary' }),
      {},
      ['rights fault'],
      'boundary',
    ],
    [
      'a deny under a condition',
      'pull',
      policyOf({ Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: { Bool: {} } }),
      {},
      ['policy warning'],
      'a Deny under a condition',
    ],
    [
      'a policy that is not read',
      'pull',
      policyOf({ Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: 'ecr:*' }),
      {},
      ['policy unknown'],
      'NotPrincipal',
    ],
    [
      'a key that will be deleted',
      'pull',
      {
        repository: found({ mutability: 'MUTABLE', exclusions: [], key: 'k/1' }),
        key: found('PendingDeletion'),
      },
      {},
      ['key fault'],
      'PendingDeletion',
    ],
    [
      'a tag that was deleted',
      'pull',
      {
        image: ABSENT,
        past: found({
          elsewhere: [],
          deletedAt: parseInstant('2026-11-20T03:00:00Z'),
          deletedBy: untrusted('role/cleaner\u001b[31m'),
          was: aDigest('b'),
        }),
      },
      {},
      ['tag-missing fault'],
      'It was deleted at 2026-11-20T03:00:00.000Z by role/cleaner\ufffd[31m; before, it was bbbbbbbbbbbb.',
    ],
    [
      'an archived image that is listed and not described',
      'pull',
      { image: ABSENT, tags: found(['v1']) },
      {},
      ['archived fault'],
      'demo-api:v1 is archived',
    ],
    [
      'a tag that an exclusion makes immutable',
      'push',
      { repository: found({ mutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['v*'] }) },
      {},
      ['tag-taken fault'],
      'The tag v1 is taken by',
    ],
    [
      'another account’s registry',
      'push',
      { ...ACROSS, login: found({ kind: 'none' }) },
      {},
      ['registry warning', 'docker-login fault'],
      'is not your own registry, which is 444455556666/eu-west-1: log in to this one.',
    ],
    [
      'another region’s registry',
      'pull',
      { login: found({ kind: 'token', endsAt: parseInstant('2026-11-20T11:00:00Z') }) },
      { ownRegion: 'us-east-1' },
      ['registry warning', 'docker-login fault'],
      'is not your own registry, which is 111122223333/us-east-1',
    ],
  ])('%s', (_, direction, facts, question, expected, says) => {
    const wrong = wrongWith(direction, facts, question);
    expect(wrong.map(({ cause, state }) => `${cause} ${state}`)).toEqual(expected);
    expect(wrong[0]?.says).toContain(says);
    if (wrong[0]?.state === 'fault') expect(wrong[0].fix).toMatch(/\S/);
  });
});

describe('what is no fault', () => {
  test.each<readonly [string, Direction, Partial<Facts>]>([
    [
      'a right that the repository grants instead, in one account',
      'pull',
      { ...rightsOf({}), ...policyOf(LETS) },
    ],
    [
      'an immutable repository, and a tag that is excluded',
      'push',
      { repository: found({ mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['*1', 'latest'] }) },
    ],
    [
      'an immutable repository, and a tag that is free',
      'push',
      { repository: found({ mutability: 'IMMUTABLE', exclusions: [] }), image: ABSENT },
    ],
    [
      'a repository that a template creates on push',
      'push',
      { repository: ABSENT, image: ABSENT, makers: found(['demo', 'ROOT']) },
    ],
    [
      'what a cache fetches when it is pulled',
      'pull',
      { repository: ABSENT, image: ABSENT, makers: found(['ROOT']) },
    ],
    ['a tag that a cache fetches', 'pull', { image: ABSENT, makers: found(['ROOT']) }],
    ['another account’s registry, with a login to it', 'push', ACROSS],
    ['docker with a helper', 'push', { login: found({ kind: 'program', program: untrusted('ecr-login') }) }],
    ['an image that waits for nothing', 'pull', { disk: ABSENT }],
  ])('%s', (_, direction, facts) => {
    expect(wrongWith(direction, facts)).toEqual([]);
  });
});

test('a prefix that is another name is nobody’s template', () => {
  const facts = { repository: ABSENT, image: ABSENT, makers: found(['demo', 'demo-api/team']) } as const;
  expect(wrongWith('push', facts)[0]).toMatchObject({ cause: 'repository', state: 'fault' });
});

test('a repository that is somewhere else is named with where', () => {
  const elsewhere = [{ account: '111122223333', region: 'us-east-1', name: 'demo-api' }];
  const [first] = wrongWith('pull', { repository: ABSENT, image: ABSENT, past: found({ elsewhere }) });
  expect(first?.says).toContain('The lineage knows it in 111122223333/us-east-1.');
  expect(first?.fix).toContain('--account 111122223333 --region us-east-1');
});

test('what may not be read is unknown, never good and never bad', () => {
  const facts = {
    token: found(parseInstant('2026-11-21T00:00:00Z')),
    repository: DENIED,
    policy: DENIED,
    rights: DENIED,
    image: DENIED,
  };
  const wrong = wrongWith('pull', facts);
  expect(wrong.map(({ cause }) => cause)).toEqual(['repository', 'rights', 'policy', 'tag-missing']);
  expect(new Set(wrong.map(({ state }) => state))).toEqual(new Set(['unknown']));
  expect(wrong[0]).toMatchObject({ says: 'you may not some:Action', fix: 'Grant yourself some:Action.' });
});

test('what the text was recognised as goes first, and what only it can tell is said', () => {
  const all = diagnose(anExamination('push'), [causeOf('tag-taken'), causeOf('throttled')], CLOCK);
  expect(all.slice(0, 2).map(({ cause, state }) => `${cause} ${state}`)).toEqual([
    'tag-taken ok',
    'throttled warning',
  ]);
  expect(all[2]?.cause).toBe('credentials');
});
