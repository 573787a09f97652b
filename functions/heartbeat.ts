import { beat } from '../lib/heartbeat/beat.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { heartbeatPorts } from '../lib/services/schedule.ts';

// Called by AWS, on a schedule; what it throws is tried again twice, and after that by the next beat
export async function handler(): Promise<void> {
  log.info('said again what is open', { ...(await beat(ports())) });
}

// Once per cold start, on the first event
const ports = once(() => heartbeatPorts());
