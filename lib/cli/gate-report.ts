import { type Environment, githubStep } from '../config.ts';
import type { Judgement, Verdict } from '../gate/judge.ts';
import { append, gateTo } from '../services/gate.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { gateDocument, missingDocument } from './gate-document.ts';
import { annotations, summary } from './gate-github.ts';
import { parseGate } from './gate-options.ts';
import { gateLines } from './gate-text.ts';
import { type Gated, inLog, reasonOf } from './gate-words.ts';

/** The gate's own meaning of the first three: `gate --help` has them all. */
const EXITS: Readonly<Record<Verdict, Output['exit']>> = { passed: 0, blocked: 1, unscanned: 2 };

const NEEDS =
  'the gate needs ecr:DescribeImages, ecr:BatchGetImage and ecr:DescribeImageScanFindings on the repository; with ' +
  'enhanced scanning also inspector2:ListFindings, inspector2:ListCoverage and inspector2:ListAccountPermissions';

/** Waits for the scan of an image and holds it against limits. Throws BadReference, and the SDK's errors. */
export async function gateReport(text: string, options: Options, tools: Tools): Promise<Output> {
  const asked = parseGate(text, options);
  const { reference, question, waitMs } = asked;
  const gate = gateTo(reference.region);
  try {
    const registered = await gate.resolve(reference);
    if (typeof registered === 'string') return missing(text, registered);
    const { digest } = registered.image;
    if (!reference.digest) tools.waiting(`${text} is ${digest}`);
    const about = { reference: text, registered, question };
    const { judgement, waitedMs } = await gate.judge(registered, question, waitMs, (soFarMs, so) =>
      tools.waiting(waitingWords(about, soFarMs, so)),
    );
    const waitedSeconds = Math.round(waitedMs / 1000);
    return await told({ ...about, judgement, waitedSeconds }, tools.environment);
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'AccessDeniedException') throw error;
    throw Object.assign(new Error(`${message} (${NEEDS})`), { name: 'AccessDenied' });
  }
}

function waitingWords(
  about: Pick<Gated, 'reference' | 'registered' | 'question'>,
  waitedMs: number,
  judgement: Judgement | undefined,
): string {
  const why = judgement
    ? reasonOf({ ...about, judgement, waitedSeconds: 0 })
    : 'AWS could not be asked, trying again';
  const digest = about.registered.image.digest;
  return inLog(`waiting for the scan of ${digest}, ${Math.round(waitedMs / 1000)} s: ${why}`);
}

async function told(gated: Gated, environment: Environment): Promise<Output> {
  const step = githubStep(environment);
  const aside = step ? [...annotations(gated), ...(await written(step.summaryFile, gated))] : [];
  return {
    exit: EXITS[gated.judgement.verdict],
    lines: gateLines(gated),
    document: gateDocument(gated),
    isAnswer: true,
    ...(aside.length > 0 && { aside }),
  };
}

/** A summary that cannot be written changes no verdict. */
async function written(file: string | undefined, gated: Gated): Promise<readonly string[]> {
  if (file === undefined) return [];
  return append(file, summary(gated)).then(
    () => [],
    (error: NodeJS.ErrnoException) => [`scan-response: the summary could not be written: ${error.code}`],
  );
}

const MISSING = {
  'no-repository': 'there is no such repository in this registry',
  'no-image': 'there is no such image in the repository',
} as const;

function missing(text: string, what: keyof typeof MISSING): Output {
  const reason = MISSING[what];
  return {
    exit: EXIT.notFound,
    lines: [
      `NOT SCANNED  ${text}: ${reason}`,
      '  to do     check the name, the account and the region; push the image before its gate',
    ],
    document: missingDocument(text, reason),
    isAnswer: true,
  };
}
