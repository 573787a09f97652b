import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { formatDelivery } from '../../lib/delivery/wire.ts';
import { aMeasurement, aNotice } from '../build/notice.ts';

/** The folder of events that real accounts recorded; they are not ours to ship, and the fuzz runs without them, too. */
const RECORDED = `${process.env.RECORDED_DIR ?? ''}/events`;

/**
 * What a queue may hold, as texts of JSON: our own samples, which have every shape of event that is accepted, what was
 * recorded, and our own deliveries.
 */
export function sampleMessages(): readonly string[] {
  const events = ['events', RECORDED].filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as object)
      .map((event) => JSON.stringify(event)),
  );
  const toChat = formatDelivery(aNotice(), undefined, 'chat');
  return [...events, formatDelivery(aNotice()), formatDelivery(aMeasurement()), toChat];
}
