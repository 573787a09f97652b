import { digestOf } from '../lib/image/digest.ts';
import { parseTag } from '../lib/image/reference.ts';
import { type LineagePorts, remember } from '../lib/remember.ts';
import { saveEvidence } from '../lib/store/evidence.ts';
import { loadImage, saveImage, saveMark, saveRepository } from '../lib/store/image.ts';
import type { Table } from '../lib/store/table.ts';
import { saveTagEvent } from '../lib/store/tag-history.ts';
import type { Metered } from './lineage-meter.ts';
import { commitOf, repositoryOf, timeOf } from './lineage-table.ts';

export const MOST_WRITE_UNITS = 12;

const repository = { ...repositoryOf(0), name: 'bench/pushed' };
const at = timeOf(0, 0);
const commit = commitOf(0, 0);
const tags = ['latest', commit].map(parseTag);
const platforms = ['amd64', 'arm64'].map((it) => ({
  digest: digestOf(`pushed ${it}`),
  platform: `linux/${it}` as never,
}));
const attestations = platforms.map((it) => digestOf(`attestation of ${it.digest}`));
const image = { repository, digest: digestOf('pushed index') };

/**
 * The write units of a build that pushes an index of two platforms, each with provenance, under two tags; the evidence
 * in it counted in. The repository is known: it is written once.
 */
export async function measurePush(metered: Metered, name: string): Promise<number> {
  const table = { client: metered.client, name };
  const ports = portsOn(table);
  await saveRepository(table, repository);
  const push = { kind: 'image-action', action: 'push', at, repository } as const;
  metered.reset();
  for (const digest of [...platforms.map((it) => it.digest), ...attestations])
    await remember({ ...push, eventId: `part-${digest.slice(-8)}`, digest, imageKind: 'image' }, ports);
  for (const tag of tags)
    await remember(
      { ...push, eventId: `tag-${tag.slice(0, 7)}`, digest: image.digest, tag, imageKind: 'index' },
      ports,
    );
  const known = await loadImage(table, image);
  if (!known) throw new Error('the push is not on record');
  const withoutEvidence = metered.meter.writeUnits;
  const document = digestOf('provenance');
  const source = { from: 'provenance', document, field: 'configSource.digest' } as const;
  await saveEvidence(table, known, [{ commit, tier: 'builder', source }]);
  const { writeUnits } = metered.meter;
  process.stdout.write(
    `write units of a push, two tags, two platforms with provenance: ${withoutEvidence}, with the evidence ${writeUnits} (dynalite's ReturnConsumedCapacity and 1 for each index; at most ${MOST_WRITE_UNITS})\n\n`,
  );
  return writeUnits;
}

function portsOn(table: Table): LineagePorts {
  return {
    now: () => new Date(at),
    findImage: async () => ({ image, kind: 'index', tags, pushedAt: at }),
    findIndex: async () => ({ platforms, attestations }),
    loadImage: (it) => loadImage(table, it),
    saveTagEvent: (tag, event) => saveTagEvent(table, tag, event),
    saveImage: (record) => saveImage(table, record),
    saveMark: (it, mark) => saveMark(table, it, mark),
    saveRepository: async () => undefined,
    hintRetag: async () => undefined,
    hintDocuments: async () => undefined,
  };
}
