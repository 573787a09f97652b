import { answerCommand, type CommandPorts } from './command.ts';
import { answerInteraction, type InteractionPorts } from './interaction.ts';
import { type Late, within } from './late.ts';
import { toReply } from './reply.ts';
import { type Knock, type Refusal, verify } from './signature.ts';

/** What the door needs from outside. */
export interface DoorPorts extends CommandPorts, InteractionPorts {
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
  const entered = await within<Buffer | Answered>(late, enter(kind, knock, ports), {
    status: 503,
    outcome: 'late',
  });
  if (!Buffer.isBuffer(entered)) return entered;
  const answer = answerBody(kind, entered, ports).catch((error: Error) => failed(kind, error));
  return within<Answered>(late, answer, { ...said(kind, TOO_LATE), outcome: 'late' });
}

/** The body of what Slack signed and nobody sent before, or what is said to everything else. */
async function enter(kind: string, knock: Knock, ports: DoorPorts): Promise<Buffer | Answered> {
  const secret = await ports.readSigningSecret().catch((error: Error) => error);
  if (secret instanceof Error) return { status: 503, outcome: 'failed', error: secret };
  if (secret === undefined) return { status: 503, outcome: 'off' };
  const verified = verify(knock, secret, ports.nowMs());
  if (!verified.isSlack) return { status: 401, outcome: verified.why };
  try {
    const isFirst = await ports.isFirst(verified.signature, verified.atSeconds);
    return isFirst ? verified.body : { status: 200, outcome: 'repeated' };
  } catch (error) {
    return failed(kind, error as Error);
  }
}

function failed(kind: string, error: Error): Answered {
  return { ...said(kind, NOT_READ), outcome: 'failed', error };
}

/** Who asked hears it; who pressed something sees from Slack that it failed, and can press again. */
function said(kind: string, lines: readonly string[]): Pick<Answered, 'status' | 'body'> {
  return kind === 'command' ? { status: 200, body: toReply({ lines }) } : { status: 503 };
}

async function answerBody(kind: string, body: Buffer, ports: DoorPorts): Promise<Answered> {
  const reply = await replyTo(kind, body, ports);
  if (reply === undefined) return { status: 400, outcome: 'not-understood' };
  return { status: 200, ...(reply !== 'done' && { body: reply }), outcome: 'answered' };
}

function replyTo(kind: string, body: Buffer, ports: DoorPorts) {
  if (kind === 'command') return answerCommand(body, ports);
  return kind === 'interaction' ? answerInteraction(body, ports) : undefined;
}

const NOT_READ = [
  'The tables could not be read; the log of slack-asked says why. A terminal reads them without it: scan-response who …',
];

const TOO_LATE = [
  'The answer takes longer than Slack waits. Ask again, or in a terminal: scan-response who <anything>',
];
