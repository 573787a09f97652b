import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseReference } from '../../../lib/image/reference.ts';
import type { Instant } from '../../../lib/instant.ts';
import { who } from '../../../lib/lookup/who.ts';
import { saveMark } from '../../../lib/store/image.ts';
import { saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, anImageOf, aTagEvent, aTagName, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const [A, B, C] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];

/** A tag that was A, B (pushed twice), A again, and C. */
async function moved() {
  const tables = await openTables();
  const record = recorder(tables);
  const pushes = [A, B, B, A, C];
  for (const [i, digest] of pushes.entries()) await record.tag('latest', `0${i + 1}:00`, digest);
  for (const digest of [A, B, C]) await record.image(digest, ['latest']);
  const ports = lookupPorts(tables);
  const ask = (back: number, instant?: Instant) =>
    who(parseReference('demo-api:latest'), instant, ports, { back });
  return { tables, record, ask };
}

describe('so many images back', () => {
  test.each([
    [0, C, '05:00'],
    [1, A, '04:00'],
    [2, B, '02:00'],
    [3, A, '01:00'],
  ])('%i', async (back, digest, since) => {
    const { ask } = await moved();
    expect(await ask(back)).toMatchObject({ found: 'one', digest, since: at(since) });
  });

  test('from an instant on', async () => {
    const { ask } = await moved();
    expect(await ask(1, at('03:30'))).toMatchObject({ digest: A, since: at('01:00') });
  });

  test('more than there are: not found, and how many there are', async () => {
    const { ask } = await moved();
    expect(await ask(4)).toEqual({
      found: 'nothing',
      why: 'of the images before that one of demo-api:latest, 3 are on record',
    });
  });

  test('of a deleted tag: the first is the image that it lost', async () => {
    const { ask, record } = await moved();
    await record.tag('latest', '06:00');
    expect(await ask(0)).toMatchObject({ found: 'nothing' });
    expect(await ask(1)).toMatchObject({ digest: C, until: at('06:00') });
    expect(await ask(2)).toMatchObject({ digest: A });
  });

  test('of a tag whose image was deleted as a whole: the same', async () => {
    const { ask, tables } = await moved();
    await saveMark(tables.lineage, anImageOf(C), { op: 'delete', at: at('06:00') });
    expect(await ask(1)).toMatchObject({ digest: C, until: at('06:00') });
    expect(await ask(2)).toMatchObject({ digest: A });
  });

  test('what happened in one second is one value', async () => {
    const { ask, tables } = await moved();
    for (const [digest, id] of [
      [A, 'first'],
      [B, 'second'],
    ] as const)
      await saveTagEvent(tables.lineage, aTagName(), aTagEvent('06:00', digest, id));
    expect(await ask(0)).toMatchObject({ digest: B, tied: [A] });
    expect(await ask(1)).toMatchObject({ digest: C });
  });
});
