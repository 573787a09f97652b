// biome-ignore-all lint/performance/noBarrelFile: a list for a bundle, not a short cut for imports
// Everything that the simulation runs of the service. The previous release is bundled by this same list, so that
// workers of two releases can share one world (R17); types come from lib/ itself.
export { answerOrder } from '../../lib/delivery/answer.ts';
export { foldingBatch } from '../../lib/delivery/fold.ts';
export { parsePush, parseScan } from '../../lib/intake/parse.ts';
export { eachMessage } from '../../lib/queue/batch.ts';
export { sendHint } from '../../lib/queue/hint.ts';
export { sendHints } from '../../lib/queue/hints.ts';
export { enqueue } from '../../lib/queue/outbox.ts';
export { overduePorts } from '../../lib/reconcile/overdue.ts';
export { reconcile } from '../../lib/reconcile/reconcile.ts';
export { tokenBucket } from '../../lib/reconcile/token-bucket.ts';
export { remember } from '../../lib/remember.ts';
export { respond, respondToRetag } from '../../lib/respond.ts';
export { datadogSink } from '../../lib/sinks/datadog/send.ts';
export { slackSink } from '../../lib/sinks/slack/send.ts';
export { snsSink } from '../../lib/sinks/sns/send.ts';
export { findParents, loadImage, saveImage, saveMark, saveRepository } from '../../lib/store/image.ts';
export { claim, settle } from '../../lib/store/ledger.ts';
// biome-ignore lint/performance/noReExportAll: another release may lack a part of it
export * from '../../lib/store/open-findings.ts';
export {
  loadCursor,
  loadHeads,
  loadScanHint,
  loadVerification,
  saveCursor,
  saveScanHint,
  saveTagHint,
  saveVerification,
} from '../../lib/store/reconciliation.ts';
export { loadLatestScan, saveScan } from '../../lib/store/scan.ts';
export { saveTagEvent } from '../../lib/store/tag-history.ts';
export { countInWindow } from '../../lib/store/window.ts';
