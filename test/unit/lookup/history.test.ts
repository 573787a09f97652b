import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseReference } from '../../../lib/image/reference.ts';
import { history } from '../../../lib/lookup/history.ts';
import { saveMark } from '../../../lib/store/image.ts';
import { aDigest, anImageOf, aRepository, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const [A, B] = ['a', 'b'].map(aDigest) as [Digest, Digest];
const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';

async function open() {
  const tables = await openTables();
  const record = recorder(tables);
  await record.tag('latest', '01:00', A);
  await record.tag('latest', '02:00', B);
  await record.tag('latest', '03:00');
  await record.tag('latest', '04:00', A);
  await record.image(A, ['latest', COMMIT]);
  tables.requests.splice(0);
  const ask = (text: string, limit = 20, now = '12:00', until?: string) =>
    history(
      parseReference(text),
      limit,
      lookupPorts(tables, now),
      until === undefined ? undefined : at(until),
    );
  return { tables, ask, record };
}

const provenance = {
  best: { commit: COMMIT, tier: 'tag-full', source: { from: 'tag', tag: COMMIT } },
  conflicts: [],
};
const entries = [
  { op: 'push', at: at('04:00'), digest: A, provenance },
  { op: 'delete', at: at('03:00') },
  { op: 'push', at: at('02:00'), digest: B },
  { op: 'push', at: at('01:00'), digest: A, provenance },
];

describe('the history of a tag', () => {
  test('is everywhere it has pointed, newest first, with the commits that are known', async () => {
    const { ask } = await open();
    expect(await ask('demo-api:latest')).toEqual({
      found: 'one',
      repository: aRepository(),
      tag: 'latest',
      entries,
    });
  });

  test.each([1, 2, 3])('is the newest %d when no more are asked for', async (limit) => {
    const { ask } = await open();
    expect(await ask('demo-api:latest', limit)).toMatchObject({ entries: entries.slice(0, limit) });
  });

  test('ends now', async () => {
    const { ask } = await open();
    expect(await ask('demo-api:latest', 20, '02:30')).toMatchObject({ entries: entries.slice(2) });
  });

  test('ends at an instant that is given, with what happened at it', async () => {
    const { tables, ask, record } = await open();
    expect(await ask('demo-api:latest', 20, '12:00', '02:30')).toMatchObject({ entries: entries.slice(2) });
    expect(await ask('demo-api:latest', 20, '12:00', '03:00')).toMatchObject({ entries: entries.slice(1) });
    await record.image(B, ['latest']);
    await saveMark(tables.lineage, anImageOf(B), { op: 'delete', at: at('02:40') });
    expect(await ask('demo-api:latest', 20, '12:00', '02:30')).toMatchObject({ entries: entries.slice(2) });
  });

  test('has the deletion of a whole image where it ended the tag, and only there', async () => {
    const { tables, ask, record } = await open();
    await record.image(B, ['latest']);
    for (const [digest, time] of [
      [A, '01:30'],
      [A, '03:30'],
      [B, '03:30'],
      [A, '05:00'],
    ] as const)
      await saveMark(tables.lineage, anImageOf(digest), { op: 'delete', at: at(time) });
    const [newest, deleted, second, first] = entries;
    expect(await ask('demo-api:latest')).toMatchObject({
      entries: [
        { op: 'delete', at: at('05:00') },
        newest,
        deleted,
        second,
        { op: 'delete', at: at('01:30') },
        first,
      ],
    });
  });

  test('reads each image once, however often the tag came back to it', async () => {
    const { tables, ask } = await open();
    await ask('demo-api:latest');
    expect(tables.requests.sort()).toEqual(['BatchGetItemCommand', 'QueryCommand', 'QueryCommand']);
  });
});

test.each([
  ['an unknown repository', 'other:latest', 'no push to a repository called other has been recorded'],
  ['an unknown tag', 'demo-api:v9', 'no push of demo-api:v9 has been recorded'],
  ['no tag', 'demo-api', 'say which tag of demo-api, as in demo-api:latest'],
])('%s has no history', async (_what, text, why) => {
  const { ask } = await open();
  expect(await ask(text)).toEqual({ found: 'nothing', why });
});

test('a repository name that is in several places is ambiguous', async () => {
  const { tables, ask } = await open();
  const there = aRepository({ region: 'us-east-1' });
  await recorder(tables, there).tag('latest', '01:00', B);
  expect(await ask('demo-api:latest')).toEqual({ found: 'several', candidates: [aRepository(), there] });
});
