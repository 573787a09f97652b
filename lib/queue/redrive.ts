/** One message that nobody could answer. */
export interface DeadLetter {
  readonly id: string;
  readonly reason: string;
  readonly about: string;
  readonly sentAt?: string;
}

/** Some of a queue's dead letters, and about how many there are. */
export interface DeadLetters {
  readonly arn: string;
  readonly waiting: number;
  readonly letters: readonly DeadLetter[];
}

/** How a move stands; `state` is SQS's word, `moved` about how many went. */
export interface Move {
  readonly state: string;
  readonly moved: number;
  readonly why?: string;
}

/** What redriving needs from outside. */
export interface RedrivePorts {
  readonly readDeadLetters: (name: string, most: number) => Promise<DeadLetters>;
  readonly startMove: (fromArn: string, toArn: string) => Promise<void>;
  readonly readMove: (fromArn: string) => Promise<Move>;
  readonly pause: (seconds: number) => Promise<void>;
}

export interface Redriven {
  readonly queue: string;
  readonly waiting: number;
  readonly letters: readonly DeadLetter[];
  /** Absent when there was nothing to move, or nothing should be. */
  readonly move?: Move;
}

/** As many are read as a person would. */
const MOST_READ = 100;
const PATIENCE_SECONDS = 60;

/**
 * Looks through the dead letters of a queue, and moves them back unless it is told to look only. Waits for a minute
 * at most: SQS goes on by itself. A move that SQS refuses is in the answer; throws when nothing could be read.
 */
export async function redrive(
  queue: string,
  { prefix, lookOnly }: { readonly prefix: string; readonly lookOnly: boolean },
  ports: RedrivePorts,
): Promise<Redriven> {
  const { arn, waiting, letters } = await ports.readDeadLetters(`${prefix}${queue}-dead-letters`, MOST_READ);
  if (lookOnly || waiting === 0) return { queue, waiting, letters };
  try {
    await ports.startMove(arn, arn.replace(/-dead-letters$/, ''));
    return { queue, waiting, letters, move: await untilMoved(arn, ports) };
  } catch (error) {
    const { name, message } = error as Error;
    return { queue, waiting, letters, move: { state: 'REFUSED', moved: 0, why: `${name}: ${message}` } };
  }
}

async function untilMoved(arn: string, ports: RedrivePorts): Promise<Move> {
  let move = await ports.readMove(arn);
  for (let waited = 0; move.state === 'RUNNING' && waited < PATIENCE_SECONDS; waited += 1) {
    await ports.pause(1);
    move = await ports.readMove(arn);
  }
  return move;
}
