import { chat, sns } from '../lib/services/deliver.ts';
import { deliverBatch } from './deliver/batch.ts';

// Called by AWS; the sinks and the ledger are made once per cold start, on the first event
export const handler = await deliverBatch(sns, undefined, chat);
