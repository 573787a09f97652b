import type { Delivery } from '../delivery/delivery.ts';
import { NotReady } from '../errors.ts';
import type { Image } from '../image/reference.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import type { Policy } from '../policy/policy.ts';
import { type Answer, type ReadingPorts, respond } from '../respond.ts';
import type { Announced } from '../scan/announced.ts';

/** What would be decided about the scan of an image, and told to whom, if it was answered now. */
export interface Foreseen {
  /** Empty when the image is gone. */
  readonly answers: readonly Answer[];
  readonly deliveries: readonly Delivery[];
  /** What was open on its references when they were last looked at. */
  readonly before: readonly OpenFindings[];
  /** Absent where it did not come to that. */
  readonly policy?: Policy;
  /** What an answer still waits for; the rest is what would be said if it never came. */
  readonly waitsFor?: string;
}

/**
 * Answers a scan as `respond` does, and keeps what that would write instead of writing it. Throws what reading throws.
 */
export async function foresee(image: Image, ports: ReadingPorts, announced?: Announced): Promise<Foreseen> {
  try {
    return await answered(image, 0, ports, announced);
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    const patient = await answered(image, Number.POSITIVE_INFINITY, ports, announced);
    return { ...patient, waitsFor: error.message };
  }
}

async function answered(
  image: Image,
  waitedSeconds: number,
  ports: ReadingPorts,
  announced?: Announced,
): Promise<Foreseen> {
  const deliveries: Delivery[] = [];
  const before: OpenFindings[] = [];
  const policies: Policy[] = [];
  const answers = await respond(
    image,
    waitedSeconds,
    {
      ...ports,
      policyOf: async (repository) => kept(policies, await ports.policyOf(repository)),
      loadOpenFindings: async (...of) => {
        const open = await ports.loadOpenFindings(...of);
        return open && kept(before, open);
      },
      enqueue: async (delivery) => void deliveries.push(delivery),
      saveScan: nothing,
      saveTelling: async () => true,
      saveOpenFindings: nothing,
      saveUnscanned: nothing,
      indexFindings: nothing,
    },
    { announced },
  );
  const [policy] = policies;
  return { answers, deliveries, before, ...(policy && { policy }) };
}

function kept<T>(list: T[], it: T): T {
  list.push(it);
  return it;
}

async function nothing(): Promise<void> {}
