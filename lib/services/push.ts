import { SQSClient } from '@aws-sdk/client-sqs';
import * as config from '../config.ts';
import type { EnrichPorts } from '../enrich.ts';
import type { ClosingPorts } from '../heartbeat/close.ts';
import { repositoryKey } from '../image/reference.ts';
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
import { IN_TIME, inRegistry, now, on, registries, table } from './connect.ts';

// The composition root of what answers pushes. The function calls each of these once per cold start, on its first
// event, never at import; what it does not call is not in its bundle. So do the others.

/** Well below the time after which a message that failed comes back: that one hints again. */
const TOGETHER_MS = 5_000;

/** What recording a push needs. */
export function lineagePorts(env = config.environment): LineagePorts {
  const ecrOf = registries(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const sqs = new SQSClient(IN_TIME);
  const scansUrl = config.required(env, 'SCANS_QUEUE_URL');
  const pushesUrl = config.required(env, 'QUEUE_URL');
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
    hintDocuments: onceWithin(TOGETHER_MS, imagePartition, ((image, id, at) =>
      sendDocumentsHint(sqs, pushesUrl, { image, id, at })) satisfies LineagePorts['hintDocuments']),
  };
}

/** What reading the documents of an image needs. */
export function enrichPorts(env = config.environment): EnrichPorts {
  const ecrOf = registries(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const sqs = new SQSClient(IN_TIME);
  const pushesUrl = config.required(env, 'QUEUE_URL');
  const readsBlobs = config.readsBlobs(env);
  const allowLoopback = config.allowsLoopback(env);
  return {
    readsBlobs,
    againSeconds: config.referrersAfterSeconds(env),
    loadImage: on(lineage, loadImage),
    readDocuments: inRegistry(ecrOf, (ecr, image) =>
      readDocuments(ecr, image, { blobs: readsBlobs, allowLoopback }),
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
