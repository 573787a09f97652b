import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Table } from '../../../lib/store/table.ts';
import { aDigest } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';
import { bundledCli, environmentOf } from '../../doubles/cli.ts';
import { type Item, itemsOf, openTables } from '../../doubles/dynamodb.ts';
import { recorder } from '../../doubles/lookup.ts';

const run = bundledCli();
const A = aDigest('a');

/** Clears the screen, writes the clipboard, links, uses C1 instead of ESC, reorders, hides, ends the line. */
const HOSTILE =
  'x\u001b[2J\u001b]52;c;cm0gLXJm\u0007\u001b]8;;https://evil.example\u0007y\u009b31m\u202e\u200b\u2028\u{e0041}\r\nz';

/** Control and format characters, but for the line ends of the CLI itself. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

async function replace({ client, name }: Table, isIt: (item: Item) => boolean, change: Item): Promise<void> {
  const [item] = (await itemsOf({ client, name })).filter(isIt);
  if (!item) throw new Error('nothing to change: the test is out of step with the table');
  await client.send(new PutCommand({ TableName: name, Item: { ...item, ...change } }));
}

/** Tables into which somebody wrote by hand what the service would have refused. */
async function plantedTables() {
  const tables = await openTables();
  const record = recorder(tables);
  await record.tag('latest', '01:00', A);
  await record.image(A, ['latest']);
  await record.scan(A, aScan());
  const isImage = ({ sk }: Item) => String(sk).startsWith('AT#');
  const isScan = ({ sk }: Item) => String(sk).startsWith('SCAN#');
  const platform = { digest: aDigest('1'), platform: HOSTILE, state: 'pending', status: HOSTILE };
  await replace(tables.lineage, isImage, { tags: [HOSTILE, 'latest'], platforms: [platform] });
  await replace(tables.ledger, isScan, { type: HOSTILE, platforms: [platform] });
  return tables;
}

describe('a string in the tables that the service would never have written', () => {
  test('is shown, and does nothing to the terminal', async () => {
    const { stdout, exit } = await run(['who', 'demo-api:latest'], environmentOf(await plantedTables()));
    expect(exit).toBe(0);
    expect(stdout).not.toMatch(UNSAFE);
    expect(stdout).toContain('x\ufffd[2J');
    expect(stdout.split('\n').filter((line) => !/^( {2}|demo-api:latest|$)/.test(line))).toEqual([]);
  });

  test('is escaped in JSON, and complete', async () => {
    const { stdout, exit } = await run(
      ['who', 'demo-api:latest', '--json'],
      environmentOf(await plantedTables()),
    );
    expect(exit).toBe(0);
    expect(stdout).not.toMatch(UNSAFE);
    expect(JSON.parse(stdout)).toMatchObject({
      image: { tags: ['latest', HOSTILE] },
      scan: { type: HOSTILE },
    });
  });

  test.each(['who', 'history'])('does nothing in the place that %s names', async (command) => {
    const tables = await openTables();
    await recorder(tables).tag('latest', '01:00', A);
    const isName = ({ pk }: Item) => String(pk).startsWith('NAME#');
    await replace(tables.lineage, isName, { sk: `R#${HOSTILE}`, account: HOSTILE });
    const { stdout, stderr } = await run([command, 'demo-api:latest'], environmentOf(tables));
    expect(`${stdout}${stderr}`).not.toMatch(UNSAFE);
    expect(stderr).toContain('x\ufffd[2J');
  });
});

describe('a string that somebody pasted into the command', () => {
  test.each([
    ['a command', [HOSTILE]],
    ['an option', [`--${HOSTILE}`]],
    ['a reference', ['who', `demo-api:${HOSTILE}`]],
    ['a time', ['who', 'demo-api:latest', '--at', HOSTILE]],
    ['a limit', ['history', 'demo-api:latest', '--limit', HOSTILE]],
  ])('as %s comes back without doing anything', async (_what, args) => {
    const { exit, stdout, stderr } = await run(args);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).not.toMatch(UNSAFE);
  });
});
