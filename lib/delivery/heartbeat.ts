import { NotReady } from '../errors.ts';
import type { Delivered } from './deliver.ts';
import type { Heartbeat } from './delivery.ts';
import type { Sink } from './sink.ts';

/** How often the gauges are said again; the schedule in `resources/rules.yml` says the same. */
export const BEAT_SECONDS = 300;

/** News has no successor: as long as the queue's 150 tries last with room to spare, and Datadog takes its points. */
const NEWS_SECONDS = 2400;

/** When a sink that could not take a heartbeat is asked again. */
const PAUSE_SECONDS = 20;

/**
 * Tells a sink the gauges once more, without the ledger: a repeat changes nothing. Dropped once its successor is due,
 * so that an outage leaves no queue of old numbers behind, and when the sink will never take it: its successors would
 * fill the dead letters, while the real measurements and the missing sign of life say it as well. Throws NotReady
 * when it should come back.
 */
export async function deliverHeartbeat(heartbeat: Heartbeat, sink: Sink, now: Date): Promise<Delivered> {
  const lastsSeconds = heartbeat.news ? NEWS_SECONDS : BEAT_SECONDS;
  if (now.getTime() - Date.parse(heartbeat.beatAt) >= lastsSeconds * 1000) return 'outdated';
  if (!(await sink.isConfigured())) return 'off';
  const outcome = await sink.send(heartbeat, { possibleRepeat: false });
  if (outcome.state === 'sent' || outcome.state === 'rejected') return outcome.state;
  throw new NotReady(`${sink.name} ${outcome.state}: ${outcome.why}`, PAUSE_SECONDS);
}
