import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ECRClient } from '@aws-sdk/client-ecr';
import { type GatePorts, gate, type Waited } from '../gate/gate.ts';
import type { Question } from '../gate/judge.ts';
import type { Reference } from '../image/reference.ts';
import { findIndex } from '../registry/image.ts';
import { type Resolved, resolveReference } from '../registry/reference.ts';
import { findScan } from '../registry/scan.ts';
import { mayPass } from '../registry/trouble.ts';
import { inRegion } from './caller.ts';

// The composition root of the gate: ECR only, with the caller's own credentials, so that it works without our tables.

/** A gate to one region's registry. */
interface Gate {
  readonly resolve: (reference: Reference) => Promise<Resolved>;
  /** As `gate` does. */
  readonly judge: (
    image: Exclude<Resolved, string>,
    question: Question,
    waitMs: number,
    onWait: GatePorts['onWait'],
  ) => Promise<Waited>;
}

export function gateTo(region: string | undefined): Gate {
  const ecr = new ECRClient(inRegion(region));
  const ports = {
    clockMs: () => performance.now(),
    sleep: (ms: number) => sleep(ms),
    mayPass,
    findPlatforms: async (index: Parameters<GatePorts['findPlatforms']>[0]) =>
      (await findIndex(ecr, index))?.platforms,
    findScan: (image: Parameters<GatePorts['findScan']>[0]) => findScan(ecr, image),
  };
  return {
    resolve: (reference) => resolveReference(ecr, reference),
    judge: (image, question, waitMs, onWait) => gate(image, question, waitMs, { ...ports, onWait }),
  };
}

/** Writes at the end of a file that others write to as well. */
export function append(file: string, text: string): Promise<void> {
  return appendFile(file, text, 'utf8');
}
