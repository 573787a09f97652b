import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '../config.ts';
import type { Image } from '../image/reference.ts';
import { type Period, toInstant } from '../instant.ts';
import { formatOwnHint } from '../intake/own-hint.ts';
import { readDeadLetters, readMove, startMove } from '../queue/dead-letters.ts';
import { sendHintsTo } from '../queue/hints.ts';
import type { RedrivePorts } from '../queue/redrive.ts';
import { findRecorded } from '../store/recorded.ts';
import { type Caller, inRegion, inRole } from './caller.ts';
import { on, table } from './connect.ts';

// The composition root of the two commands that change something, apart so that a look-up does not load its clients.

export interface ReplayPorts {
  readonly findRecorded: (period: Period) => Promise<readonly Image[]>;
  /** Sends a scan hint for each of the images to the queue of that name. */
  readonly sendHints: (queueName: string, images: readonly Image[]) => Promise<void>;
}

/** What moving dead letters back needs. */
export function redrivePorts({ region, role }: Caller): RedrivePorts {
  const sqs = new SQSClient(inRole(inRegion(region), role));
  return {
    readDeadLetters: on(sqs, readDeadLetters),
    startMove: on(sqs, startMove),
    readMove: on(sqs, readMove),
    pause: (seconds) => sleep(seconds * 1000),
  };
}

/** What sending hints again needs. Tables are read with the caller's own credentials, the role may only send. */
export function replayPorts({ region, role }: Caller, env: Environment): ReplayPorts {
  const own = inRegion(region);
  const sqs = new SQSClient(inRole(own, role));
  return {
    findRecorded: (period) =>
      findRecorded(table(env, 'LINEAGE_TABLE', own), table(env, 'LEDGER_TABLE', own), period),
    sendHints(queueName, images) {
      const at = toInstant(new Date());
      const hints = images.map((image) => formatOwnHint({ image, id: randomUUID(), at }));
      return sendHintsTo(sqs, queueName, hints);
    },
  };
}
