import type { RunningStack } from '../stack.ts';
import { painter, wantsColour } from './paint.ts';

/** Prints what happens, when it happens: who it was in the middle, seconds since the start on the left. */
export interface Timeline {
  title(text: string): void;
  say(who: string, what: string): void;
  plain(text: string): void;
}

export function startTimeline(
  write: (text: string) => void = (text) => process.stdout.write(text),
): Timeline {
  const paint = painter(wantsColour());
  const startedMs = performance.now();
  const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1).padStart(5);
  return {
    title: (text) => write(`\n${paint('bold', text)}\n`),
    say: (who, what) =>
      write(`${paint('dim', seconds())}  ${paint(colourOf(who), who.padEnd(15))}  ${what}\n`),
    plain: (text) => write(`${text}\n`),
  };
}

/** Shows what the functions log, as it comes. */
export function showLogs(stack: RunningStack, timeline: Timeline): void {
  stack.onLog(({ functionName, line }) => {
    const who = functionName.replace(/^.*?-[a-z]+-(?=image|scan|deliver)/, '');
    for (const what of describe(line)) timeline.say(who, what);
  });
}

interface Line {
  readonly message?: string;
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
  readonly repository?: string;
  readonly digest?: string;
  readonly tag?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly workload?: string;
  readonly isRunning?: boolean;
  readonly evidence?: readonly string[];
  readonly kind?: string;
  readonly decisions?: readonly {
    subject: string;
    tags: readonly string[];
    decision: string;
    reason: string;
  }[];
  readonly error?: { readonly message?: string };
}

/** A log line as sentences; lines that are none of ours are shown as they are. */
function describe(logged: unknown): readonly string[] {
  if (typeof logged !== 'object' || logged === null) return [String(logged)];
  const line = logged as Line;
  if (line.message !== 'answered') return [trouble(line)];
  if (line.decisions) return decisions(line);
  if (line.workload) return [task(line)];
  if (line.action === 'read') return [documents(line)];
  if (line.action) {
    return [
      `${line.action} ${line.repository}${line.tag ? `:${brief(line.tag)}` : ''} ${short(line.digest)}: ${line.outcome}`,
    ];
  }
  return [`${line.kind}: ${line.outcome}`];
}

function task({ workload, isRunning, outcome }: Line): string {
  return `a task of ${workload} ${isRunning ? 'runs' : 'stopped'}: ${outcome}`;
}

function documents({ repository, digest, outcome, evidence = [] }: Line): string {
  const said = evidence.length > 0 ? evidence.join(', ') : 'no commit';
  return `documents of ${repository} ${short(digest)}: ${outcome === 'read' ? said : outcome}`;
}

function decisions({ decisions = [], repository, digest }: Line): readonly string[] {
  if (decisions.length === 0) return [`${repository} ${short(digest)}: gone, nothing to say`];
  return decisions.map(({ subject, tags, decision, reason }) => {
    const name = tags.length > 0 ? `${repository}:${tags.map(brief).join(',')}` : `${repository}, untagged`;
    return `${name} ${short(subject)}: ${decision === 'notice' ? 'tell people' : 'stay silent'}, ${reason}`;
  });
}

function trouble({ message, reason, retryAfterSeconds, error }: Line): string {
  const again = retryAfterSeconds === undefined ? '' : `, again in ${retryAfterSeconds} s`;
  return `${message}${reason ? `: ${reason}` : ''}${again}${error?.message ? `: ${error.message}` : ''}`;
}

/** As people print digests. */
function short(digest = ''): string {
  return digest.replace('sha256:', '').slice(0, 12);
}

/** A whole commit as a tag would fill the line. */
function brief(tag: string): string {
  return tag.replace(/^([0-9a-f]{7})[0-9a-f]{33}$/, '$1…');
}

function colourOf(who: string): 'cyan' | 'yellow' | 'green' | 'magenta' {
  if (who.startsWith('deliver')) return 'magenta';
  if (who === 'slack' || who === 'sns' || who === 'datadog') return 'green';
  return who.startsWith('image') || who.startsWith('scan') ? 'yellow' : 'cyan';
}
