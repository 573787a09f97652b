import { stdout } from 'node:process';
import type { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { SINKS } from '../lib/delivery/delivery.ts';
import { parseDigest } from '../lib/image/digest.ts';
import { claim, settle } from '../lib/store/ledger.ts';
import { loadOpenFindings, saveOpenFindings } from '../lib/store/open-findings.ts';
import { loadLatestScan } from '../lib/store/scan.ts';
import { startDynamoDb } from '../local/dynamodb.ts';
import { aRepository, at } from '../test/build/lineage.ts';
import { aNotice, aSubject } from '../test/build/notice.ts';
import { definitions, openDatabase } from '../test/conformance/database.ts';
import { memoryDynamoDb } from '../test/doubles/memory-dynamodb/client.ts';

// How fast the memory tables are, and how much faster than dynalite over loopback: `npm run bench:memory-dynamodb`.
// Both answer the same commands, as the ledger's own code issues them; that code is not in what is measured.

/** One for all: the client takes each of them. */
type Command = UpdateCommand;
const TABLES = Object.values(definitions);
const IMAGES = 20_000;
const IMAGES_FOR_DYNALITE = 60;

/** Of each image: what is open is read and written, three sinks claim and settle, one claims again in vain. */
async function commandsFor(images: number): Promise<readonly Command[]> {
  const commands: Command[] = [];
  const { client } = memoryDynamoDb(TABLES);
  const send = (command: Command) => {
    commands.push(command);
    return client.send(command);
  };
  const table = {
    client: { send } as unknown as DynamoDBDocumentClient,
    name: String(definitions.ledger.TableName),
  };
  for (let number = 0; number < images; number += 1) {
    const repository = aRepository({ name: `team-${number % 97}/app-${number}` });
    const digest = parseDigest(`sha256:${number.toString(16).padStart(64, '0')}`);
    const notice = aNotice({ subject: aSubject({ image: { repository, digest } }) });
    await loadLatestScan(table, notice.subject.image);
    for (const reference of ['latest', 'main']) {
      await loadOpenFindings(table, repository, reference);
      const open = { reference, digest, pushedAt: at('02:00'), scanKey: 'ab', ids: ['CVE-2026-1001'] };
      await saveOpenFindings(table, repository, { ...open, readAt: at('02:01') });
    }
    for (const sink of SINKS) {
      const claimed = await claim(table, notice, sink, 1_000);
      if (claimed.state === 'claimed') await settle(table, notice, sink, claimed.token, { state: 'SENT' });
    }
    await claim(table, notice, 'slack', 2_000);
  }
  return commands;
}

/** Operations a second, one after the other; a condition that does not hold is an answer, too. */
async function rate(client: DynamoDBDocumentClient, commands: readonly Command[]): Promise<number> {
  const started = performance.now();
  for (const command of commands) await client.send(command).catch(() => {});
  return (commands.length * 1000) / (performance.now() - started);
}

const commands = await commandsFor(IMAGES);
await rate(memoryDynamoDb(TABLES).client, commands.slice(0, commands.length / 4));
const memory = await rate(memoryDynamoDb(TABLES).client, commands);

const server = await startDynamoDb(TABLES);
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const database = openDatabase({ endpoint: server.url, region: 'eu-west-1', credentials });
const perImage = commands.length / IMAGES;
const few = commands.slice(0, perImage * IMAGES_FOR_DYNALITE);
await rate(database.client, commands.slice(-few.length));
const dynalite = await rate(database.client, few);
database.close();
await server.close();

const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')} operations a second`;
stdout.write(
  `memory tables: ${perSecond(memory)} (${commands.length.toLocaleString('en')} of them)\n` +
    `dynalite over loopback: ${perSecond(dynalite)} (${few.length.toLocaleString('en')} of them)\n` +
    `ratio: ${Math.round(memory / dynalite)}\n`,
);
