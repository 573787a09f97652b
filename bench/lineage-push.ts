import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { evidenceIn } from '../lib/image/evidence.ts';
import { parseIndex } from '../lib/image/manifest.ts';
import { parseTag } from '../lib/image/reference.ts';
import { type LineagePorts, remember } from '../lib/remember.ts';
import { loadImage, saveImage, saveMark, saveRepository } from '../lib/store/image.ts';
import type { Table } from '../lib/store/table.ts';
import { saveTagEvent } from '../lib/store/tag-history.ts';
import { anIndexOf } from '../test/build/documents.ts';
import { buildkitV1 } from '../test/build/provenance.ts';
import { commitOf, repositoryOf, timeOf } from './lineage-table.ts';
import { writeMeter } from './write-meter.ts';

export const MOST_WRITE_UNITS = 12;

const repository = { ...repositoryOf(0), name: 'platform/checkout-service' };
const at = timeOf(0, 0);
const commit = commitOf(0, 0);
const tags = ['latest', commit].map(parseTag);
const source = 'https://github.com/acme/checkout-service';

/** What docker/build-push-action and docker/metadata-action leave by default: two sources in the provenance, a label. */
const documents = anIndexOf({
  platforms: ['linux/amd64', 'linux/arm64'].map((platform) => ({
    platform,
    labels: { 'org.opencontainers.image.revision': commit, 'org.opencontainers.image.source': source },
    provenance: [
      buildkitV1({
        contextUri: `${source}.git#refs/heads/main`,
        contextDigest: { sha1: commit },
        builderId: `${source}/actions/runs/15812345678/attempts/1`,
        vcs: { source, revision: commit },
      }),
    ],
  })),
});
const image = { repository, digest: documents.manifest.digest };
const index = parseIndex(documents.manifest.text, image.digest);

/**
 * The write units of a build that pushes an index of two platforms, each with provenance, under two tags; the evidence
 * in it counted in. The repository is known: it is written once.
 */
export async function measurePush(
  client: DynamoDBDocumentClient,
  definition: CreateTableCommandInput,
  where: string,
): Promise<number> {
  const meter = writeMeter(client, definition);
  const table = { client: meter.client, name: String(definition.TableName) };
  const ports = portsOn(table);
  await saveRepository({ ...table, client }, repository);
  const push = { kind: 'image-action', action: 'push', at, repository } as const;
  for (const { digest } of documents.children)
    await remember({ ...push, eventId: `part-${digest.slice(-8)}`, digest, imageKind: 'image' }, ports);
  for (const tag of tags)
    await remember(
      { ...push, eventId: `tag-${tag.slice(0, 7)}`, digest: image.digest, tag, imageKind: 'index' },
      ports,
    );
  const known = await loadImage(table, image);
  if (known?.evidence.length !== 3) throw new Error('the push is not on record with its evidence');
  const units = meter.writes.reduce((sum, it) => sum + it.units, 0);
  const each = meter.writes.map((it) => `${it.what} ${it.units}`).sort();
  process.stdout.write(
    `write units of a push, two tags, two platforms with provenance, its evidence kept, ${where}: ${units} (${each.join(', ')}; at most ${MOST_WRITE_UNITS})\n`,
  );
  return units;
}

function portsOn(table: Table): LineagePorts {
  return {
    now: () => new Date(at),
    findImage: async () => ({ image, kind: 'index', tags, pushedAt: at }),
    findIndex: async () => index,
    loadImage: (it) => loadImage(table, it),
    saveTagEvent: (tag, event) => saveTagEvent(table, tag, event),
    saveImage: (pushed) => saveImage(table, pushed),
    saveMark: (it, mark) => saveMark(table, it, mark),
    saveRepository: async () => undefined,
    readEvidence: async () => evidenceIn(documents),
    hintRetag: async () => undefined,
    hintDocuments: async () => undefined,
    hintLater: async () => undefined,
  };
}
