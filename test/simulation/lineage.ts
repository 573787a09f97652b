import { readFileSync } from 'node:fs';
import type { ImageAction, ScanHint } from '../../lib/intake/event.ts';
import { type LineagePorts, remember } from '../../lib/remember.ts';
import { loadImage, saveImage, saveMark, saveRepository } from '../../lib/store/image.ts';
import type { Table } from '../../lib/store/table.ts';
import { saveTagEvent } from '../../lib/store/tag-history.ts';
import { type MemoryHooks, memoryDynamoDb } from '../doubles/memory-dynamodb/client.ts';
import { tableDefinitions } from '../doubles/table-definitions.ts';
import { scanDesk, scansIn } from './lineage-scans.ts';
import { NOW, type Scene } from './lineage-scene.ts';

const { lineage: definition, ledger: ledgerDefinition } = tableDefinitions(
  readFileSync('resources/tables.yml', 'utf8'),
);
const TABLE = definition.TableName ?? '';
const LEDGER = ledgerDefinition.TableName ?? '';

/** The lineage after some events: the table, and all that is in it and of scans in the ledger, as one text. */
export interface Remembered {
  readonly table: Table;
  readonly text: string;
}

/** Where a test steps in; `isDeaf`: nobody looks at a scan again for what was recorded after it. */
export interface Hooks extends MemoryHooks {
  readonly isDeaf?: boolean;
}

/** Records the events one after the other, in this order, with the real stores. */
export async function rememberAll(
  scene: Scene,
  told: readonly (ImageAction | ScanHint)[],
  hooks: Hooks = {},
): Promise<Remembered> {
  const { registered, indexes, readings, isLate, evidence } = scene;
  const database = memoryDynamoDb([definition, ledgerDefinition], hooks);
  const { client } = database;
  const table = { client, name: TABLE };
  const byDigest = new Map(registered.map((it) => [it.image.digest, it]));
  const desk = scanDesk({ lineage: table, ledger: { client, name: LEDGER } }, byDigest, readings, isLate);
  const ports: LineagePorts = {
    now: () => NOW,
    findImage: async ({ digest }) => byDigest.get(digest),
    findIndex: async ({ digest }) => indexes.get(digest),
    loadImage: (image) => loadImage(table, image),
    saveTagEvent: (name, event) => saveTagEvent(table, name, event),
    saveImage: (record) => saveImage(table, record),
    saveRepository: (repository) => saveRepository(table, repository),
    saveMark: (image, mark) => saveMark(table, image, mark),
    // Of what nobody scanned there is nothing to say.
    hintRetag: async (image) => (readings.size > 0 && !hooks.isDeaf ? desk.retag(image) : undefined),
    readEvidence: async ({ digest }) => evidence.get(digest),
    hintDocuments: async () => undefined,
    hintLater: async () => undefined,
  };
  for (const it of told) await (it.kind === 'scan-hint' ? desk.tell(it) : remember(it, ports));
  await desk.end();
  const items = [...database.items(TABLE), ...scansIn(database.items(LEDGER), scene)];
  return { table, text: JSON.stringify(items, sorted, 1) };
}

/** An item's attributes have no order, nor have the members of a set. */
function sorted(_: string, value: unknown): unknown {
  if (value instanceof Set) return [...value].sort();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The parts of a write that a plant may change. */
interface Write {
  readonly Key?: Readonly<Record<string, string>>;
  readonly Item?: Record<string, unknown>;
  ConditionExpression?: string;
  UpdateExpression?: string;
}

function planted(change: (write: Write) => void): MemoryHooks {
  return {
    before({ name, input }) {
      if (name === 'put' || name === 'update') change(input as Write);
      return undefined;
    },
  };
}

/** Stores that have forgotten one of their rules. */
export const PLANTS: Readonly<Record<string, Hooks>> = {
  'a late index after which nobody looks at its scans again': { isDeaf: true },
  'a head that goes back as well as forward': planted((write) => {
    if (write.Key?.sk?.startsWith('TAG#')) delete write.ConditionExpression;
  }),
  'events of one second in one place': planted(({ Item }) => {
    if (Item && String(Item.sk).startsWith('E#')) Item.sk = String(Item.sk).split('#').slice(0, 2).join('#');
  }),
  'a commit that the last one names': planted((write) => {
    if (write.ConditionExpression?.includes('tier')) delete write.ConditionExpression;
  }),
  'tags that replace each other': planted((write) => {
    const { UpdateExpression: update } = write;
    if (update) write.UpdateExpression = update.replace(' ADD tags :tags', ', tags = :tags');
  }),
};
