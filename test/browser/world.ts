import { createHash } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../../lib/image/digest.ts';
import type { Evidence } from '../../lib/image/evidence.ts';
import type { ImageRecord } from '../../lib/image/record.ts';
import { parseTag, type Repository } from '../../lib/image/reference.ts';
import type { TagEvent } from '../../lib/image/tag-event.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { indexFindings } from '../../lib/index-findings.ts';
import { type Instant, toInstant } from '../../lib/instant.ts';
import { observe } from '../../lib/observe.ts';
import { scanKey } from '../../lib/scan/compare.ts';
import type { Finding } from '../../lib/scan/finding.ts';
import { findingsIndexPorts } from '../../lib/services/run.ts';
import { formatEvidence } from '../../lib/store/evidence-text.ts';
import { saveImage, saveRepository } from '../../lib/store/image.ts';
import { imageKey } from '../../lib/store/keys.ts';
import { saveScan } from '../../lib/store/scan.ts';
import { saveTagEvent } from '../../lib/store/tag-history.ts';
import { saveRollout, saveRun, saveTask, saveWorkload } from '../../lib/store/workload.ts';
import { aContainer, aTask, aWorkload } from '../build/ecs.ts';
import { anImageOf, aRecord, aRepository } from '../build/lineage.ts';
import { aFinding, aPackage, aSubject } from '../build/notice.ts';
import { aScan } from '../build/scan.ts';
import type { Tables } from '../doubles/dynamodb.ts';
import { looker } from '../doubles/looks.ts';

/** Every test asks at this minute, in this zone. */
export const NOW = '2026-11-20T12:00:00.000Z';
export const ZONE = 'Europe/Berlin';

/** So many hours and minutes before that minute. */
export function hoursAgo(hours: number, minutes = 0): Instant {
  return toInstant(new Date(Date.parse(NOW) - hours * 3_600_000 - minutes * 60_000));
}

/** A digest, and a commit, that are always the same for the same word. */
export function digestOf(word: string): Digest {
  return `sha256:${createHash('sha256').update(word).digest('hex')}` as Digest;
}

export function commitOf(word: string): string {
  return createHash('sha1').update(word).digest('hex');
}

export function cve(id: string, severity: Finding['severity'], more: Partial<Finding> = {}): Finding {
  return aFinding({ id: untrusted(id), severity, packages: [aPackage('openssl')], ...more });
}

/** What BuildKit has verified of a build of a word. */
export function builderSays(word: string, more: Partial<Evidence> = {}): Evidence {
  return {
    commit: commitOf(word),
    tier: 'builder',
    source: { from: 'provenance', document: digestOf(`provenance ${word}`), field: 'configSource.digest' },
    repoUrl: untrusted('https://github.com/acme/demo-api'),
    ref: untrusted('refs/heads/main'),
    ...more,
  };
}

/** Writes what the service writes, of one repository, at any time. */
export function historian({ lineage, ledger }: Tables, repository: Repository = aRepository()) {
  let count = 0;
  return {
    repository,
    ...looker({ ledger }, repository),
    async tag(tag: string, at: Instant, digest?: Digest, more: Partial<TagEvent> = {}): Promise<void> {
      count += 1;
      const event = { at, eventId: `event-${String(count).padStart(6, '0')}`, recordedAt: at, ...more };
      const name = { repository, tag: parseTag(tag) };
      await saveRepository(lineage, repository);
      await saveTagEvent(
        lineage,
        name,
        digest ? { ...event, op: 'push', digest } : { ...event, op: 'delete' },
      );
    },
    async image(
      digest: Digest,
      tags: readonly string[],
      { evidence = [], ...more }: Partial<ImageRecord> = {},
    ): Promise<void> {
      const image = anImageOf(digest, repository);
      await saveImage(lineage, aRecord({ image, tags: tags.map(parseTag), ...more }));
      if (evidence.length === 0) return;
      await lineage.client.send(
        new UpdateCommand({
          TableName: lineage.name,
          Key: imageKey(image),
          UpdateExpression: 'SET evidence = :evidence',
          ExpressionAttributeValues: { ':evidence': formatEvidence(evidence) },
        }),
      );
    },
    async scan(digest: Digest, at: Instant, findings: readonly Finding[]): Promise<void> {
      const image = anImageOf(digest, repository);
      const scan = aScan({ findings, completedAt: at, platforms: [{ digest, state: 'scanned' }] });
      await saveScan(ledger, aSubject({ image }), scanKey(scan), scan);
      await indexFindings({ image, pushedAt: at }, scan, at, findingsIndexPorts(ledger));
    },
    /** A service runs it from a time on, or until another. */
    async run(service: string, digest: Digest, startedAt: Instant, stoppedAt?: Instant): Promise<void> {
      count += 1;
      const container = aContainer({ digest, repository, ...(stoppedAt && { stoppedAt }) });
      const workload = aWorkload({ name: service });
      const deployment = `ecs-svc/${count}`;
      const task = aTask({
        workload,
        id: commitOf(`task ${count}`).slice(0, 32),
        deployment,
        startedAt,
        containers: [container],
      });
      await observe({ kind: 'task-change', task } as never, {
        saveWorkload: (it) => saveWorkload(lineage, it),
        saveRun: (it) => saveRun(lineage, it),
        saveTask: (it) => saveTask(lineage, it),
        saveRollout: (...them) => saveRollout(lineage, ...them),
      });
    },
  };
}
