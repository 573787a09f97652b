import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../../lib/image/digest.ts';
import type { Evidence } from '../../lib/image/evidence.ts';
import type { ImageRecord } from '../../lib/image/record.ts';
import { parseTag, type Repository } from '../../lib/image/reference.ts';
import type { LookupPorts } from '../../lib/lookup/ports.ts';
import { scanKey } from '../../lib/scan/compare.ts';
import type { Scan } from '../../lib/scan/scan.ts';
import { runPorts } from '../../lib/services/run.ts';
import { formatEvidence } from '../../lib/store/evidence-text.ts';
import { loadImage, saveImage, saveRepository } from '../../lib/store/image.ts';
import { imageKey } from '../../lib/store/keys.ts';
import { loadTogether } from '../../lib/store/load-together.ts';
import { findRepositories } from '../../lib/store/named.ts';
import { loadLatestScan, saveScan } from '../../lib/store/scan.ts';
import { loadScanFindings } from '../../lib/store/scan-findings.ts';
import { findByCommit, findByDigest } from '../../lib/store/search.ts';
import { loadHistory, loadNextEvent, saveTagEvent } from '../../lib/store/tag-history.ts';
import { anImageOf, aRecord, aRepository, aTagEvent, at } from '../build/lineage.ts';
import { aSubject } from '../build/notice.ts';
import type { Tables } from './dynamodb.ts';

/** What the look-up reads, from these tables, at this time of 20 November 2026. */
export function lookupPorts(
  { lineage, ledger }: Pick<Tables, 'lineage' | 'ledger'>,
  now = '12:00',
): LookupPorts {
  return {
    now: () => new Date(at(now)),
    findRepositories: (name) => findRepositories(lineage, name),
    loadHistory: (name, range) => loadHistory(lineage, name, range),
    loadNextEvent: (name, after) => loadNextEvent(lineage, name, after),
    loadImage: (image) => loadImage(lineage, image),
    loadLatestScan: (image) => loadLatestScan(ledger, image),
    loadScanFindings: (image) => loadScanFindings(ledger, image),
    loadTogether: (images, more) => loadTogether(lineage, images, more),
    findByCommit: (prefix) => findByCommit(lineage, prefix),
    findByDigest: (prefix) => findByDigest(lineage, prefix),
    ...runPorts(lineage, ledger),
  };
}

/** Writes into the tables what the service writes when these things happen to one repository. */
export function recorder({ lineage, ledger }: Tables, repository: Repository = aRepository()) {
  return {
    /** A push of one tag; without a digest its deletion. */
    async tag(tag: string, time: string, digest?: Digest): Promise<void> {
      await saveRepository(lineage, repository);
      await saveTagEvent(lineage, { repository, tag: parseTag(tag) }, aTagEvent(time, digest));
    },
    async image(digest: Digest, tags: readonly string[], more: Partial<ImageRecord> = {}): Promise<void> {
      const record = { image: anImageOf(digest, repository), tags: tags.map(parseTag) };
      await saveImage(lineage, aRecord({ ...record, ...more }));
    },
    /** What its documents say, of an image that is there. */
    async evidence(digest: Digest, evidence: readonly Evidence[]): Promise<void> {
      await lineage.client.send(
        new UpdateCommand({
          TableName: lineage.name,
          Key: imageKey(anImageOf(digest, repository)),
          UpdateExpression: 'SET evidence = :evidence',
          ExpressionAttributeValues: { ':evidence': formatEvidence(evidence) },
        }),
      );
    },
    async scan(digest: Digest, scan: Scan): Promise<void> {
      await saveScan(ledger, aSubject({ image: anImageOf(digest, repository) }), scanKey(scan), scan);
    },
  };
}
