import { explain } from '../cli/failure.ts';
import { answerCommand, type CommandPorts } from './command.ts';
import { type Late, within } from './late.ts';
import { toReply } from './reply.ts';
import { type Knock, type Refusal, verify } from './signature.ts';

/** What the door needs from outside. */
export interface DoorPorts extends CommandPorts {
  /** Undefined where no signing secret was put into its parameter. Throws when it cannot be read. */
  readonly readSigningSecret: () => Promise<string | undefined>;
  /** True for the first request with a signature, false for every other. */
  readonly isFirst: (signature: string, atSeconds: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

/** What goes back over HTTP, and what became of the request, for the log. */
export interface Answered {
  readonly status: number;
  /** JSON, or nothing. */
  readonly body?: object;
  readonly outcome: 'answered' | 'repeated' | 'not-understood' | 'late' | 'off' | 'failed' | Refusal;
  readonly error?: Error;
}

/** Slack waits for three seconds, and the way there and back takes some of them. */
const ANSWER_WITHIN_MS = 2_300;

/**
 * Answers what claims to come from Slack: nothing but a status to who did not sign it, an empty answer without any
 * effect to what came before. `arrivedMs` is when the gateway got it: a cold start counts. Never throws.
 */
export async function answerSlack(
  kind: string,
  knock: Knock,
  arrivedMs: number,
  ports: DoorPorts,
): Promise<Answered> {
  const nowMs = ports.nowMs();
  // A clock that is wrong takes no more than all of the time, and gives no more of it.
  const leftMs = ANSWER_WITHIN_MS - Math.min(Math.max(nowMs - arrivedMs, 0), ANSWER_WITHIN_MS - 300);
  const late: Late = { atMs: nowMs + leftMs, nowMs: ports.nowMs };
  const entered = await within<Buffer | Answered>(late, enter(knock, ports), {
    status: 503,
    outcome: 'late',
  });
  if (!Buffer.isBuffer(entered)) return entered;
  return within<Answered>(late, answerBody(kind, entered, ports), {
    status: 200,
    body: toReply({ lines: TOO_LATE }),
    outcome: 'late',
  });
}

/** The body of what Slack signed and nobody sent before, or what is said to everything else. */
async function enter(knock: Knock, ports: DoorPorts): Promise<Buffer | Answered> {
  const secret = await ports.readSigningSecret().catch((error: Error) => error);
  if (secret instanceof Error) return { status: 503, outcome: 'failed', error: secret };
  if (secret === undefined) return { status: 503, outcome: 'off' };
  const verified = verify(knock, secret, ports.nowMs());
  if (!verified.isSlack) return { status: 401, outcome: verified.why };
  try {
    const isFirst = await ports.isFirst(verified.signature, verified.atSeconds);
    return isFirst ? verified.body : { status: 200, outcome: 'repeated' };
  } catch (error) {
    return failed(error as Error);
  }
}

/** Said to who asked: Slack itself would only say that something failed. */
function failed(error: Error): Answered {
  return { status: 200, body: toReply({ lines: [explain(error).message] }), outcome: 'failed', error };
}

async function answerBody(kind: string, body: Buffer, ports: DoorPorts): Promise<Answered> {
  const reply = kind === 'command' ? await answerCommand(body, ports) : undefined;
  if (!reply) return { status: 400, outcome: 'not-understood' };
  return { status: 200, body: reply, outcome: 'answered' };
}

const TOO_LATE = [
  'The answer takes longer than Slack waits. Ask again, or in a terminal: scan-response who <anything>',
];
