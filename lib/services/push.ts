import * as config from '../config.ts';
import { type EnrichPorts, readAtOnce } from '../enrich.ts';
import type { ClosingPorts } from '../heartbeat/close.ts';
import { type Image, repositoryKey } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { onceEach, onceWithin } from '../once.ts';
import { sendDocumentsHint, sendHint } from '../queue/hint.ts';
import { readDocuments } from '../registry/documents.ts';
import { findImage, findIndex } from '../registry/image.ts';
import { findSubject } from '../registry/referrers.ts';
import type { LineagePorts } from '../remember.ts';
import { findCommits, saveEvidence } from '../store/evidence.ts';
import { findParents, loadImage, saveImage, saveMark, saveRepository } from '../store/image.ts';
import { imagePartition } from '../store/keys.ts';
import { closeShown, listOpen } from '../store/shown.ts';
import { loadHead, saveTagEvent } from '../store/tag-history.ts';
import { inRegistry, now, on, queues, registries, table } from './connect.ts';

// The composition root of what answers pushes. The function calls each of these once per cold start, on its first
// event, never at import; what it does not call is not in its bundle. So do the others.

/** Well below the time after which a message that failed comes back: that one hints again. */
const TOGETHER_MS = 5_000;

/** The record of a push waits so long for its documents; after that they are read by themselves. */
const AT_ONCE_MS = 3_000;

/** What recording a push needs. */
export function lineagePorts(env = config.environment): LineagePorts {
  const ecrOf = registries(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const sqs = queues(env);
  const scansUrl = config.required(env, 'SCANS_QUEUE_URL');
  const documents = enrichPorts(env, AT_ONCE_MS);
  const { againSeconds, readsBlobs } = documents;
  const hintOnce = (delaySeconds: number, isAgain?: true) =>
    onceWithin(TOGETHER_MS, imagePartition, (image: Image, eventId: string, at: Instant) =>
      documents.hintDocuments({ image, eventId, at, ...(isAgain && { isAgain }) }, delaySeconds),
    );
  // What refers to an image may come between its reading and its record: only who looks again later may read at once.
  const readsAtOnce = !readsBlobs || againSeconds > 0;
  return {
    now,
    findImage: inRegistry(ecrOf, findImage),
    findIndex: inRegistry(ecrOf, findIndex),
    loadImage: on(lineage, loadImage),
    saveTagEvent: on(lineage, saveTagEvent),
    // The tags of one image are told at the same moment, and each finds it new: the same is not written twice.
    saveImage: onceWithin(TOGETHER_MS, JSON.stringify, on(lineage, saveImage)),
    // It never changes and never goes: once is enough for as long as this process lives.
    saveRepository: onceEach(repositoryKey, on(lineage, saveRepository)),
    saveMark: on(lineage, saveMark),
    hintRetag: (image, id, at) => sendHint(sqs, scansUrl, { image, id, at, isRetag: true }),
    readEvidence: onceWithin(TOGETHER_MS, imagePartition, async (image: Image) =>
      readsAtOnce ? readAtOnce(image, documents) : undefined,
    ),
    hintDocuments: hintOnce(0),
    hintLater: readsBlobs && againSeconds > 0 ? hintOnce(againSeconds, true) : async () => undefined,
  };
}

/** What reading the documents of an image needs, and how long all of it may take. */
export function enrichPorts(env = config.environment, totalMs?: number): EnrichPorts {
  const ecrOf = registries(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const sqs = queues(env);
  const pushesUrl = config.required(env, 'QUEUE_URL');
  const readsBlobs = config.readsBlobs(env);
  const allowLoopback = config.allowsLoopback(env);
  return {
    readsBlobs,
    againSeconds: config.referrersAfterSeconds(env),
    loadImage: on(lineage, loadImage),
    readDocuments: inRegistry(ecrOf, (ecr, image) =>
      readDocuments(ecr, image, { blobs: readsBlobs, allowLoopback, ...(totalMs && { totalMs }) }),
    ),
    findCommits: on(lineage, findCommits),
    saveEvidence: on(lineage, saveEvidence),
    findSubject: inRegistry(ecrOf, findSubject),
    findParents: on(lineage, findParents),
    hintDocuments: ({ eventId: id, ...hint }, delaySeconds) =>
      sendDocumentsHint(sqs, pushesUrl, { ...hint, id }, delaySeconds),
  };
}

/** What a deletion of an image closes. */
export function closingPorts(env = config.environment): ClosingPorts {
  const ecrOf = registries(env);
  const ledger = table(env, 'LEDGER_TABLE');
  return {
    now,
    listOpen: on(ledger, listOpen),
    findImage: inRegistry(ecrOf, findImage),
    loadHead: on(table(env, 'LINEAGE_TABLE'), loadHead),
    closeShown: on(ledger, closeShown),
  };
}
