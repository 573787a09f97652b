import { foldingBatch } from '../lib/delivery/fold.ts';
import { once } from '../lib/once.ts';
import { slack, slackFolding } from '../lib/services/deliver.ts';
import { deliverBatch } from './deliver/batch.ts';

const folding = once(slackFolding);

// Called by AWS; the sink and the ledger are made once per cold start, while Lambda starts it
export const handler = await deliverBatch(slack, (sink) => foldingBatch(sink, folding()));
