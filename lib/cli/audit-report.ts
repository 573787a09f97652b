import { type Audit, audit } from '../audit/audit.ts';
import type { RepositoryOutcome } from '../audit/repository.ts';
import { word } from '../doctor/fix.ts';
import { type Instant, toInstant } from '../instant.ts';
import { atLeast, bySeverity } from '../scan/severity.ts';
import { auditPorts } from '../services/audit.ts';
import { readTextIfThere, removeFile, replaceText } from '../services/files.ts';
import { type AskedAudit, parseAudit } from './audit-options.ts';
import { sarifLog } from './audit-sarif.ts';
import { type AuditState, formatState, parseState } from './audit-state.ts';
import { AUDITED, auditLines, countOf, paintAudit } from './audit-text.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { asciiJson } from './printable.ts';

const SCHEMA = 'scan-response.audit/v1';
/** Where an audit that was stopped says how far it came, when nobody named a file. */
const STATE_FILE = 'scan-response-audit.state.json';
/** How often a long audit says how far it is in its file: a process that is killed cannot. */
const SAVE_EVERY_MS = 30_000;

/** Audits the registry. Throws BadReference, and the SDK's error when nothing can be listed. */
export async function runAudit(patterns: readonly string[], options: Options, tools: Tools): Promise<Output> {
  const asked = parseAudit(patterns, options, tools.stage);
  const { region, role, resume } = options;
  const state = await begin(resume, JSON.stringify([asked.question, region ?? '', role ?? '']));
  const save = (file: string) => replaceText(file, formatState(state));
  const { isStopped, forget } = stopOnInterrupt();
  const ports = auditPorts({ region, role }, tools.environment, { ...asked, isStopped });
  const onDone = keeping(state.done, options, tools, save);
  const watching = { done: new Map(state.done), onDone, isStopped };
  const found = await audit(asked.question, ports, watching).catch(refused).finally(forget);
  const result = { ...found, findings: [...found.findings].sort(bySeverity) };
  const goOn = await finish(result, options, save);
  return report(result, asked, { startedAt: state.startedAt, goOn, isStopped: isStopped() });
}

/** What is refused of one repository is no error; what is refused of the list of them leaves nothing to say. */
function refused(error: Error): never {
  if (error.name !== 'AccessDeniedException') throw error;
  const needs = 'the audit needs ecr:DescribeRepositories and ecr:DescribeImages; docs/audit.md has the rest';
  throw Object.assign(new Error(`${error.message} (${needs})`), { name: 'AccessDenied' });
}

/** How far an audit is: at its beginning, or where the file says. */
async function begin(resume: string | undefined, asked: string): Promise<AuditState> {
  const text = resume === undefined ? undefined : await readTextIfThere(resume);
  if (resume === undefined || text === undefined)
    return { startedAt: toInstant(new Date()), asked, done: new Map() };
  return parseState(text, resume, asked);
}

/** Writes the files that were asked for; returns where it says how far an audit came that is not at its end. */
async function finish(
  found: Audit,
  { resume, sarif }: Options,
  save: (file: string) => Promise<void>,
): Promise<string | undefined> {
  const isWhole = found.left === 0 && found.failures.length === 0;
  if (sarif !== undefined) await replaceText(sarif, asciiJson(sarifLog(found.findings, isWhole)));
  const file = resume ?? STATE_FILE;
  if (!isWhole) await save(file);
  else if (resume !== undefined) await removeFile(resume);
  return isWhole ? undefined : file;
}

/** Keeps what was found of each repository, in the file too when there is one, and says how far it is. */
function keeping(
  done: Map<string, RepositoryOutcome>,
  { resume, progress }: Options,
  tools: Tools,
  save: (file: string) => Promise<void>,
) {
  const tell = progress ? tools.waiting : tools.progress;
  let savedMs = performance.now();
  let saving = Promise.resolve();
  return (key: string, outcome: RepositoryOutcome, far: { readonly done: number; readonly of: number }) => {
    done.set(key, outcome);
    tell(`${far.done} of ${far.of} repositories`);
    if (resume === undefined || performance.now() - savedMs < SAVE_EVERY_MS) return;
    savedMs = performance.now();
    // What cannot be written now is said at the end, when it is written again.
    saving = saving.then(() => save(resume)).catch(() => undefined);
  };
}

/** The first Ctrl-C ends the audit, with what it found; the second one the process. */
function stopOnInterrupt() {
  let isStopped = false;
  const onSignal = () => {
    isStopped = true;
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  return {
    isStopped: () => isStopped,
    forget() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

interface About {
  readonly startedAt: Instant;
  /** Where it says how far it came, when it did not come to its end. */
  readonly goOn: string | undefined;
  readonly isStopped: boolean;
}

function report(
  found: Audit,
  { question, failOn }: AskedAudit,
  { startedAt, goOn, isStopped }: About,
): Output {
  const { findings, repositories, left, failures } = found;
  if (repositories + left + failures.length === 0) return noRepository(question.patterns);
  const isFault = failOn !== undefined && findings.some(({ severity }) => atLeast(severity, failOn));
  const why = isStopped ? 'stopped' : 'not everything could be read';
  return {
    exit: isFault ? EXIT.fault : goOn === undefined ? EXIT.found : EXIT.backend,
    lines: auditLines(found, startedAt),
    document: {
      schema: SCHEMA,
      ...{ stage: question.stage, ...found.place, patterns: question.patterns },
      ...{ olderThanDays: question.olderThanDays, failOn: failOn ?? 'none' },
      ...{ startedAt, isWhole: goOn === undefined, repositories, images: found.images },
      counts: Object.fromEntries(AUDITED.map((it) => [it, countOf(findings, it)])),
      ...{ findings, notChecked: found.unread, failures, left },
    },
    paint: paintAudit,
    isAnswer: true,
    ...(goOn !== undefined && {
      aside: [`scan-response: ${why}; the same command with --resume ${word(goOn)} goes on from here`],
    }),
  };
}

function noRepository(patterns: readonly string[]): Output {
  const error =
    patterns.length > 0
      ? `no repository is named ${patterns.join(' or ')}`
      : 'the registry has no repository';
  return { exit: EXIT.notFound, lines: [`not found: ${error}`], document: { schema: SCHEMA, error } };
}
