import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import type { Mark } from '../../../lib/image/mark.ts';
import { parseReference } from '../../../lib/image/reference.ts';
import type { Instant } from '../../../lib/instant.ts';
import { who } from '../../../lib/lookup/who.ts';
import { saveMark } from '../../../lib/store/image.ts';
import { saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, anImageOf, aRepository, aTagEvent, aTagName, at } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const [A, B] = ['a', 'b'].map(aDigest) as [Digest, Digest];
const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const OTHER_COMMIT = 'f00d'.repeat(10);

async function open(repository = aRepository()) {
  const tables = await openTables();
  const ports = lookupPorts(tables);
  const ask = (text: string, instant: Instant = at('12:00')) => who(parseReference(text), instant, ports);
  return { tables, ask, record: recorder(tables, repository) };
}

describe('a tag', () => {
  async function moved() {
    const it = await open();
    await it.record.tag('latest', '01:00', A);
    await it.record.tag('latest', '02:00', B);
    await it.record.image(A, ['latest', COMMIT]);
    await it.record.image(B, ['latest', OTHER_COMMIT]);
    return it;
  }

  test('now: the image it points to, since when, its commit, and how we know', async () => {
    const { ask } = await moved();
    expect(await ask('demo-api:latest')).toEqual({
      found: 'one',
      repository: aRepository(),
      at: at('12:00'),
      tag: 'latest',
      digest: B,
      since: at('02:00'),
      image: {
        kind: 'image',
        pushedAt: at('02:00'),
        platforms: [],
        attestations: [],
        tags: [OTHER_COMMIT, 'latest'],
        evidence: [],
        marks: [],
      },
      provenance: {
        best: { commit: OTHER_COMMIT, tier: 'tag-full', source: { from: 'tag', tag: OTHER_COMMIT } },
        conflicts: [],
      },
      previous: {
        digest: A,
        provenance: {
          best: { commit: COMMIT, tier: 'tag-full', source: { from: 'tag', tag: COMMIT } },
          conflicts: [],
        },
      },
      gaps: [{ notBefore: at('02:00'), notAfter: at('12:00'), why: 'unverified' }],
    });
  });

  test.each([
    ['between two pushes', at('01:30')],
    ['exactly at a push', at('01:00')],
    ['a moment before the next', at('01:59:59.999')],
  ])('%s: the image of then, and until when', async (_what, instant) => {
    const { ask } = await moved();
    const answer = await ask('demo-api:latest', instant);
    expect(answer).toMatchObject({ found: 'one', digest: A, since: at('01:00'), until: at('02:00') });
    expect(answer).toMatchObject({ provenance: { best: { commit: COMMIT } } });
  });

  test('before its first push: not found, and from when on it is known', async () => {
    const { ask } = await moved();
    expect(await ask('demo-api:latest', at('00:30'))).toEqual({
      found: 'nothing',
      why: 'demo-api:latest is known from 2026-11-20T01:00:00.000Z on, and not before',
    });
  });

  test('that was deleted: not found, and when that was; before, what it was', async () => {
    const { ask, record } = await moved();
    await record.tag('latest', '03:00');
    expect(await ask('demo-api:latest')).toEqual({
      found: 'nothing',
      why: 'demo-api:latest was deleted at 2026-11-20T03:00:00.000Z',
      hint: 'it was bbbbbbbbbbbb before: ask for demo-api:latest@{2026-11-20T12:00:00.000Z}~1',
    });
    expect(await ask('demo-api:latest', at('02:30'))).toMatchObject({ digest: B, until: at('03:00') });
  });

  test('that came back to an earlier image: since it came back', async () => {
    const { ask, record } = await moved();
    await record.tag('latest', '04:00', A);
    expect(await ask('demo-api:latest')).toMatchObject({ digest: A, since: at('04:00') });
    expect(await ask('demo-api:latest', at('01:30'))).toMatchObject({
      since: at('01:00'),
      until: at('02:00'),
    });
  });

  test('that two events of one second moved: one of them, and the other as a doubt', async () => {
    const { tables, ask } = await moved();
    const both = [aTagEvent('05:00', A, 'first'), aTagEvent('05:00', B, 'second')];
    for (const event of both) await saveTagEvent(tables.lineage, aTagName(), event);
    expect(await ask('demo-api:latest')).toMatchObject({ digest: B, since: at('05:00'), tied: [A] });
    expect(await ask('demo-api:latest', at('04:00'))).not.toHaveProperty('tied');
    for (const event of [aTagEvent('06:00', A, 'first'), aTagEvent('06:00', undefined, 'second')])
      await saveTagEvent(tables.lineage, aTagName(), event);
    expect(await ask('demo-api:latest')).toEqual({
      found: 'nothing',
      why: 'demo-api:latest was deleted at 2026-11-20T06:00:00.000Z, and pushed to aaaaaaaaaaaa in the same second: which came last is not known',
      hint: 'it was bbbbbbbbbbbb before: ask for demo-api:latest@{2026-11-20T12:00:00.000Z}~1',
    });
  });

  test('whose image is not described yet: the digest is known all the same', async () => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', A);
    const answer = await ask('demo-api:latest');
    expect(answer).toMatchObject({ found: 'one', digest: A, since: at('01:00') });
    expect(answer).not.toHaveProperty('image');
    expect(answer).not.toHaveProperty('provenance');
  });
});

describe('a tag that is pushed again to the image it has', () => {
  async function pushedThrice() {
    const it = await open();
    for (const time of ['01:00', '02:00', '03:00']) await it.record.tag('latest', time, A);
    return it;
  }

  test('points to it since the first time', async () => {
    const { ask } = await pushedThrice();
    expect(await ask('demo-api:latest')).toMatchObject({ digest: A, since: at('01:00') });
  });

  test('has not left it', async () => {
    const { ask } = await pushedThrice();
    expect(await ask('demo-api:latest', at('01:30'))).not.toHaveProperty('until');
  });

  test('leaves it when it moves to another', async () => {
    const { ask, record } = await pushedThrice();
    await record.tag('latest', '04:00', B);
    expect(await ask('demo-api:latest', at('01:30'))).toMatchObject({
      since: at('01:00'),
      until: at('04:00'),
    });
  });

  test('leaves it when it is pushed again and moves in the same second', async () => {
    const { ask, tables } = await pushedThrice();
    const name = aTagName();
    await saveTagEvent(tables.lineage, name, aTagEvent('04:00', A, 'one'));
    await saveTagEvent(tables.lineage, name, aTagEvent('04:00', B, 'two'));
    expect(await ask('demo-api:latest', at('01:30'))).toMatchObject({ digest: A, until: at('04:00') });
  });

  test('leaves it when it is deleted', async () => {
    const { ask, record } = await pushedThrice();
    await record.tag('latest', '04:00');
    expect(await ask('demo-api:latest', at('02:30'))).toMatchObject({
      since: at('01:00'),
      until: at('04:00'),
    });
  });
});

describe('an image that was deleted, archived or restored as a whole', () => {
  async function marked(...marks: readonly (readonly [Mark['op'], string])[]) {
    const it = await open();
    await it.record.tag('latest', '01:00', A);
    await it.record.image(A, ['latest']);
    for (const [op, time] of marks) await saveMark(it.tables.lineage, anImageOf(A), { op, at: at(time) });
    return it;
  }

  test('deleted: its tag points to nothing from then on', async () => {
    const { ask } = await marked(['delete', '05:00']);
    expect(await ask('demo-api:latest')).toEqual({
      found: 'nothing',
      why: 'demo-api:latest was deleted at 2026-11-20T05:00:00.000Z',
      hint: 'it was aaaaaaaaaaaa before: ask for demo-api:latest@{2026-11-20T12:00:00.000Z}~1',
    });
  });

  test('deleted: before, it was this image, which is not there to go back to', async () => {
    const { ask } = await marked(['delete', '05:00']);
    const answer = { digest: A, since: at('01:00'), until: at('05:00'), deletedAt: at('05:00') };
    expect(await ask('demo-api:latest', at('02:00'))).toMatchObject(answer);
    expect(await ask(`demo-api@${A}`)).toMatchObject({ digest: A, deletedAt: at('05:00') });
  });

  test('deleted: nothing changes for a tag that had moved on', async () => {
    const { ask, record } = await marked(['delete', '05:00']);
    await record.tag('latest', '03:00', B);
    expect(await ask('demo-api:latest')).toMatchObject({ digest: B, since: at('03:00') });
    expect(await ask('demo-api:latest', at('02:00'))).toMatchObject({ digest: A, until: at('03:00') });
  });

  test('deleted and pushed again: there again, since the second push', async () => {
    const { ask, record } = await marked(['delete', '03:00']);
    await record.tag('latest', '04:00', A);
    for (const text of ['demo-api:latest', `demo-api@${A}`])
      expect(await ask(text)).not.toHaveProperty('deletedAt');
    expect(await ask('demo-api:latest')).toMatchObject({ digest: A, since: at('04:00') });
    expect(await ask('demo-api:latest', at('02:00'))).toMatchObject({
      since: at('01:00'),
      until: at('03:00'),
    });
    expect(await ask('demo-api:latest', at('03:30'))).toMatchObject({ found: 'nothing' });
  });

  test('archived, and restored again', async () => {
    const { ask, tables } = await marked(['archive', '03:00']);
    expect(await ask('demo-api:latest')).toMatchObject({ digest: A, archivedAt: at('03:00') });
    await saveMark(tables.lineage, anImageOf(A), { op: 'restore', at: at('04:00') });
    expect(await ask('demo-api:latest')).not.toHaveProperty('archivedAt');
  });
});

describe('a digest', () => {
  test('is answered by itself, without a time', async () => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', A);
    await record.image(A, ['latest', COMMIT]);
    const answer = await ask(`demo-api@${A}`);
    expect(answer).toMatchObject({ found: 'one', digest: A, provenance: { best: { commit: COMMIT } } });
    for (const field of ['since', 'until', 'tag']) expect(answer).not.toHaveProperty(field);
  });

  test('counts where a tag stands beside it', async () => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', B);
    await record.image(A, [COMMIT]);
    expect(await ask(`demo-api:latest@${A}`)).toMatchObject({ found: 'one', digest: A, tag: 'latest' });
  });

  test('that nobody recorded is not found', async () => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', B);
    expect(await ask(`demo-api@${A}`)).toEqual({
      found: 'nothing',
      why: `demo-api@${A} has never been recorded`,
    });
  });
});

describe('what cannot be answered', () => {
  test.each<[string, string, string, object?]>([
    ['an unknown repository', 'other:latest', 'no push to a repository called other has been recorded'],
    ['the end of a repository’s name', 'api:latest', 'no push to a repository called api has been recorded'],
    ['an unknown tag', 'demo-api:v9', 'no push of demo-api:v9 has been recorded'],
    ['no tag at all', 'demo-api', 'say which tag of demo-api, as in demo-api:latest', { lacks: 'tag' }],
  ])('%s', async (_what, text, why, more = {}) => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', A);
    expect(await ask(text)).toEqual({ found: 'nothing', why, ...more });
  });
});

describe('a repository name that is in several places', () => {
  const [here, there] = [aRepository(), aRepository({ account: '444455556666', region: 'us-east-1' })];

  async function twice() {
    const { tables, ask, record } = await open(here);
    await record.tag('latest', '01:00', A);
    await recorder(tables, there).tag('latest', '02:00', B);
    return { tables, ask };
  }

  test('is ambiguous, and the places are named', async () => {
    const { ask } = await twice();
    expect(await ask('demo-api:latest')).toEqual({ found: 'several', candidates: [here, there] });
  });

  test.each([
    ['account', { account: '444455556666' }],
    ['region', { region: 'us-east-1' }],
  ])('is told apart by the %s', async (_what, more) => {
    const { tables } = await twice();
    const reference = { ...parseReference('demo-api:latest'), ...more };
    expect(await who(reference, at('12:00'), lookupPorts(tables))).toMatchObject({
      digest: B,
      repository: there,
    });
  });

  test('is told apart by the registry’s host in front of it', async () => {
    const { ask } = await twice();
    const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
    expect(await ask(`${host}/demo-api:latest`)).toMatchObject({ digest: A, repository: here });
  });

  test('is not found where it is not', async () => {
    const { ask } = await twice();
    const answer = await ask('111122223333.dkr.ecr.us-east-1.amazonaws.com/demo-api:latest');
    expect(answer).toMatchObject({ found: 'nothing' });
  });
});

describe('the doubts', () => {
  test('tags of one image that name different commits', async () => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', A);
    await record.image(A, ['latest', COMMIT, 'main-f00df00', COMMIT.slice(0, 7)]);
    expect(await ask('demo-api:latest')).toMatchObject({
      provenance: {
        best: { commit: COMMIT, tier: 'tag-full' },
        conflicts: [{ commit: 'f00df00', tier: 'tag-short', source: { from: 'tag', tag: 'main-f00df00' } }],
      },
    });
  });

  test('tags that name no commit', async () => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', A);
    await record.image(A, ['latest', 'v1.2.3', '20261120']);
    expect(await ask('demo-api:latest')).not.toHaveProperty('provenance');
  });

  test('no scan on record is not a clean scan', async () => {
    const { ask, record } = await open();
    await record.tag('latest', '01:00', A);
    await record.image(A, ['latest']);
    expect(await ask('demo-api:latest')).not.toHaveProperty('scan');
  });
});

describe('an image index', () => {
  const platforms = [
    { digest: aDigest('1'), platform: 'linux/amd64' },
    { digest: aDigest('2'), platform: 'linux/arm64' },
  ];

  test('tells its platforms, and which of them were scanned', async () => {
    const { ask, record } = await open();
    const states = [
      { digest: aDigest('1'), platform: 'linux/amd64', state: 'scanned' as const },
      { digest: aDigest('2'), platform: 'linux/arm64', state: 'pending' as const, status: 'IN_PROGRESS' },
    ];
    const scan = aScan({ platforms: states });
    await record.tag('latest', '01:00', A);
    await record.image(A, ['latest'], { kind: 'index', platforms });
    await record.scan(A, scan);
    const { type, completedAt, counts } = scan;
    expect(await ask('demo-api:latest')).toMatchObject({
      image: { kind: 'index', platforms },
      scan: { type, completedAt, counts, platforms: states },
    });
  });
});
