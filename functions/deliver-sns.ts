import { chat, sns } from '../lib/services/deliver.ts';
import { deliverBatch } from './deliver/batch.ts';

// Called by AWS; the sinks and the ledger are made once per cold start, while Lambda starts it
export const handler = await deliverBatch(sns, undefined, chat);
