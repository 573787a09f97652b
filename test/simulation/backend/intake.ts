import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Delivery } from '../../../lib/delivery/delivery.ts';
import { findBackground } from '../../../lib/find-background.ts';
import { PUBLIC_HOSTS } from '../../../lib/image/links.ts';
import { indexFindings } from '../../../lib/index-findings.ts';
import { toInstant } from '../../../lib/instant.ts';
import { policyFor } from '../../../lib/policy/effective.ts';
import type { LineagePorts } from '../../../lib/remember.ts';
import type { ResponsePorts } from '../../../lib/respond.ts';
import { findingsIndexPorts } from '../../../lib/services/run.ts';
import { saveUnscanned } from '../../../lib/store/open-findings.ts';
import { loadRunning } from '../../../lib/store/run.ts';
import { loadHistory } from '../../../lib/store/tag-history.ts';
import type { Life } from '../life.ts';
import { packagedNumber } from '../packaged.ts';
import { askRegistry, batchPorts, type Ground, POLICY, type Surface, sqsOf, tableOf } from './ground.ts';

const PATIENCE = {
  graceSeconds: packagedNumber('siblingGraceSeconds'),
  readinessSeconds: packagedNumber('readinessSeconds'),
  retrySeconds: 5,
};
const URLS = { datadog: 'datadog', slack: 'slack', sns: 'sns' } as const;

/** One invocation of functions/image-pushed.ts. */
export function imagePushed(ground: Ground, event: SQSEvent, alive: Life): Promise<SQSBatchResponse> {
  const surface = ground.surfaceOf();
  const ports = lineagePorts(ground, surface, alive);
  return surface.eachMessage(
    event,
    async ({ body }) => ({ outcome: await surface.remember(surface.parsePush(body), ports) }),
    batchPorts(ground, 'pushes', alive),
  );
}

/** What a process lets through; asked before each scan. */
export type Pace = () => Promise<void>;

/** One invocation of functions/scan-completed.ts, in a process with that pace. */
export function scanCompleted(
  ground: Ground,
  event: SQSEvent,
  alive: Life,
  pace: Pace,
): Promise<SQSBatchResponse> {
  const surface = ground.surfaceOf();
  const ports = responsePorts(ground, surface, alive, event.Records[0]?.messageId ?? '');
  return surface.eachMessage(
    event,
    async ({ body, waitedSeconds }) => {
      const hint = surface.parseScan(body);
      if (hint.kind === 'finding-hint') throw new Error('nobody here sends findings');
      await pace();
      const { image, isRetag, isOverdue } = hint;
      const response = isOverdue ? surface.overduePorts(ports) : ports;
      return isRetag
        ? surface.respondToRetag(image, response, waitedSeconds)
        : surface.respond(image, waitedSeconds, response, hint);
    },
    batchPorts(ground, 'scans', alive),
  );
}

function lineagePorts(ground: Ground, surface: Surface, alive: Life): LineagePorts {
  const { clock, world } = ground;
  const lineage = tableOf(ground, 'lineage', alive);
  return {
    now: clock.now,
    findImage: (image) => askRegistry(ground, alive, () => world.findImage(image)),
    findIndex: (image) => askRegistry(ground, alive, () => world.findIndex(image)),
    loadImage: (image) => surface.loadImage(lineage, image),
    saveTagEvent: (name, event) => surface.saveTagEvent(lineage, name, event),
    saveImage: (record) => surface.saveImage(lineage, record),
    saveRepository: (repository) => surface.saveRepository(lineage, repository),
    saveMark: (image, mark) => surface.saveMark(lineage, image, mark),
    hintRetag: (image, id, at) =>
      surface.sendHint(sqsOf(ground, alive), 'scans', { image, id, at, isRetag: true }),
    // Documents say which commit an image is: nothing here depends on that.
    readEvidence: async () => undefined,
    hintDocuments: async () => undefined,
    hintLater: async () => undefined,
  };
}

function responsePorts(ground: Ground, surface: Surface, alive: Life, messageId: string): ResponsePorts {
  const { clock, document, plant, world } = ground;
  const lineage = tableOf(ground, 'lineage', alive);
  const ledger = tableOf(ground, 'ledger', alive);
  const planted = plant.reading ?? ((it) => it);
  const queued = (delivery: Delivery) => plant.delivery?.(delivery, messageId) ?? delivery;
  return {
    now: clock.now,
    // What the previous release asks for instead.
    ...{ policy: POLICY },
    policyOf: async ({ name }) => policyFor(name, document, POLICY, toInstant(clock.now())),
    patience: PATIENCE,
    findImage: (image) => askRegistry(ground, alive, () => world.findImage(image)),
    findScan: (image) => askRegistry(ground, alive, () => planted(world.findScan(image, clock.nowMs()))),
    findParents: (image) => surface.findParents(lineage, image),
    loadImage: (image) => surface.loadImage(lineage, image),
    loadOpenFindings: (repository, reference) => surface.loadOpenFindings(ledger, repository, reference),
    saveScan: (subject, key, scan) => surface.saveScan(ledger, subject, key, scan),
    // The previous release does not ask for it.
    saveUnscanned: (...look) => saveUnscanned(ledger, ...look),
    saveTelling: (repository, reference, by) => surface.saveTelling(ledger, repository, reference, by),
    saveOpenFindings: (repository, open) => surface.saveOpenFindings(ledger, repository, open),
    // The previous release has no such index, and does not ask for it.
    indexFindings: (subject, scan, readAt) =>
      indexFindings(subject, scan, readAt, findingsIndexPorts(ledger)),
    // Nor does it look around a notice.
    findBackground: (told) =>
      findBackground(told, {
        now: clock.now,
        sleep: clock.sleep,
        loadImage: (image) => surface.loadImage(lineage, image),
        findParents: (image) => surface.findParents(lineage, image),
        loadHistory: (name, range) => loadHistory(lineage, name, range),
        loadRunning: (repository, most) => loadRunning(lineage, repository, most),
        hosts: PUBLIC_HOSTS,
        links: {},
      }),
    enqueue: (delivery) => surface.enqueue(sqsOf(ground, alive), URLS, queued(delivery)),
  };
}
