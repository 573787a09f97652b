import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { digestOf } from '../lib/image/digest.ts';
import { parseTag, type Repository } from '../lib/image/reference.ts';
import { untrusted } from '../lib/image/untrusted.ts';
import { type Instant, toInstant } from '../lib/instant.ts';
import { scanKey } from '../lib/scan/compare.ts';
import { saveImage, saveRepository } from '../lib/store/image.ts';
import * as keys from '../lib/store/keys.ts';
import { saveVerification } from '../lib/store/reconciliation.ts';
import { saveScan } from '../lib/store/scan.ts';
import type { Table } from '../lib/store/table.ts';
import { saveTagEvent } from '../lib/store/tag-history.ts';
import { saveRun, saveTask } from '../lib/store/workload.ts';
import { aRun, aWorkload } from '../test/build/ecs.ts';
import { aFinding, aPackage, aSubject } from '../test/build/notice.ts';
import { aScan } from '../test/build/scan.ts';

export interface Tables {
  readonly lineage: Table;
  readonly ledger: Table;
}

const REPOSITORIES = 1000;
/** Of a scan: packed they are about two kilobytes. */
const FINDINGS = 50;
const END_MS = Date.parse('2026-11-20T00:00:00Z');

/** The repository of that number. */
export function repositoryOf(nth: number): Repository {
  return { account: '111122223333', region: 'eu-west-1', name: `team-${nth % 40}/service-${nth}` };
}

/** When the push of that number happened: the last one just before the end, ten minutes apart. */
export function timeOf(push: number, pushes: number): Instant {
  return toInstant(new Date(END_MS - (pushes - push) * 600_000));
}

/** The commit of a push. */
export function commitOf(nth: number, push: number): string {
  return digestOf(`${nth} ${push}`).slice('sha256:'.length, 'sha256:'.length + 40);
}

/**
 * Fills a table with so many tag events of 1,000 repositories: every push moves `latest` and has a tag of its own,
 * the whole commit. Images and what else a look-up reads are written for the repositories that will be asked about.
 */
export async function fill(
  { lineage: table, ledger }: Tables,
  events: number,
  asked: readonly number[],
): Promise<number> {
  const pushes = Math.max(1, Math.round(events / REPOSITORIES / 2));
  for (let nth = 0; nth < REPOSITORIES; nth += 1) {
    const repository = repositoryOf(nth);
    if (asked.includes(nth)) {
      await saveSubject(table, repository, nth, pushes);
      await saveUse({ lineage: table, ledger }, repository, nth, pushes);
    }
    for (let push = 0; push < pushes; push += 1) {
      const at = timeOf(push, pushes);
      const digest = digestOf(`image ${nth} ${push}`);
      const put = (tag: string) => {
        const pk = keys.tagPartition(repository, parseTag(tag));
        const sk = keys.tagEventKey(at, `event-${nth}-${push}-0123456789abcdef01`);
        return table.client.send(
          new PutCommand({ TableName: table.name, Item: { pk, sk, op: 'push', recordedAt: at, digest } }),
        );
      };
      await Promise.all([put('latest'), put(commitOf(nth, push))]);
    }
  }
  return pushes;
}

async function saveSubject(table: Table, repository: Repository, nth: number, pushes: number): Promise<void> {
  await saveRepository(table, repository);
  const verifiedAt = timeOf(pushes, pushes);
  await saveVerification(table, repository, { verifiedAt, since: timeOf(0, pushes) });
  for (let push = Math.max(0, pushes - 20); push < pushes; push += 1) await image(push);
  if (pushes > 20) await image(Math.floor(pushes / 2));

  async function image(push: number): Promise<void> {
    const digest = digestOf(`image ${nth} ${push}`);
    const platforms = ['amd64', 'arm64'].map((it) => ({
      digest: digestOf(`${it} ${nth} ${push}`),
      platform: `linux/${it}` as never,
    }));
    await saveImage(table, {
      ...{ image: { repository, digest }, kind: 'index', pushedAt: timeOf(push, pushes) },
      ...{ platforms, attestations: platforms.map((it) => digestOf(it.digest)), evidence: [] },
      tags: ['latest', commitOf(nth, push)].map(parseTag),
    });
    const event = {
      op: 'push',
      at: timeOf(push, pushes),
      eventId: 'z',
      recordedAt: verifiedAt,
      digest,
    } as const;
    await saveTagEvent(table, { repository, tag: parseTag('latest') }, event);
  }
}

/** The newest image, and the one in the middle, have been scanned; one service with two tasks runs the newest. */
async function saveUse(
  { lineage, ledger }: Tables,
  repository: Repository,
  nth: number,
  pushes: number,
): Promise<void> {
  const findings = Array.from({ length: FINDINGS }, (_, finding) => {
    const id = untrusted(`CVE-2026-${digestOf(`${nth} ${finding}`).replaceAll(/\D/g, '').slice(0, 5)}`);
    return aFinding({ id, packages: [aPackage(`package-${finding}`, `${finding}.${nth}.1`)] });
  });
  for (const push of new Set([pushes - 1, Math.floor(pushes / 2)])) {
    const image = { repository, digest: digestOf(`image ${nth} ${push}`) };
    const scan = aScan({ findings, completedAt: timeOf(push, pushes) });
    await saveScan(ledger, aSubject({ image }), scanKey(scan), scan);
  }
  const digest = digestOf(`image ${nth} ${pushes - 1}`);
  const workload = aWorkload({ name: `service-${nth}` });
  const run = aRun({ workload, repository, digest, startedAt: timeOf(pushes - 1, pushes) });
  await saveRun(lineage, run);
  for (const task of ['one', 'two'])
    await saveTask(lineage, { run, taskId: digestOf(task).slice(7, 39), version: 1 });
}
