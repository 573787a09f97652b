import { aboutDoubt, explainDoubt } from '../gate/advice.ts';
import type { Judgement, Question, Verdict } from '../gate/judge.ts';
import type { RegisteredImage } from '../image/record.ts';
import { type Untrusted, untrusted } from '../image/untrusted.ts';
import type { Finding, Package } from '../scan/finding.ts';

/** One run of the gate: what was asked, and what came out. */
export interface Gated {
  /** As it was typed. */
  readonly reference: string;
  readonly registered: RegisteredImage;
  readonly question: Question;
  readonly judgement: Judgement;
  readonly waitedSeconds: number;
}

export const VERDICTS: Readonly<Record<Verdict, string>> = {
  passed: 'PASSED',
  blocked: 'BLOCKED',
  unscanned: 'NOT SCANNED',
};

const MAX_PACKAGES = 3;

/** Prints the text of somebody else: as plain text, or between the fences of a markup. */
type Print = (text: Untrusted, maxCharacters: number) => string;

/**
 * The text without the mark that begins a command anywhere in a line of a log of GitHub Actions.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function inLog(text: string): string {
  return text.replaceAll('##[', '# #[');
}

/** The verdict's reason in one sentence. */
export function reasonOf({ judgement, question: { onlyFixable } }: Gated): string {
  const { verdict, counted, doubts } = judgement;
  const about = verdict === 'blocked' ? counted.filter(({ count, max }) => count > max) : counted;
  const [doubt] = doubts;
  if (verdict === 'unscanned' && doubt) {
    const { says } = explainDoubt(doubt);
    const rest = doubts.length > 1 ? `, and ${doubts.length - 1} more reasons` : '';
    return `${[aboutDoubt(doubt), says].filter(Boolean).join(': ')}${rest}`;
  }
  const fix = onlyFixable ? ' with a fix' : '';
  return about
    .map(({ severity, count, max }) => `${count} ${severity.toLowerCase()}${fix} (at most ${max})`)
    .join(', ');
}

/** A finding without its severity: id, packages with the version that fixes them, and what makes it worse. */
export function findingWords(finding: Finding, print: Print): string {
  const { id, packages, score, exploitKnown, platforms } = finding;
  const more = packages.length - MAX_PACKAGES;
  const named = packages.slice(0, MAX_PACKAGES).map((it) => packageWords(it, finding.fix, print));
  return [
    [print(id, 80), named.join(', '), more > 0 ? `and ${more} more packages` : ''].filter(Boolean).join(' '),
    ...(exploitKnown ? ['exploit known'] : []),
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(platforms.length > 0 ? [`on ${print(untrusted(platforms.join(', ')), 100)}`] : []),
  ].join('; ');
}

function packageWords({ name, version, fixedIn }: Package, fix: Finding['fix'], print: Print): string {
  const what = `${print(name, 80)} ${print(version, 60)}`;
  if (fixedIn) return `${what} → ${print(fixedIn, 60)}`;
  if (fix === undefined) return `${what} (fix not told)`;
  return `${what} (${fix === 'all' ? 'a fix exists' : 'no fix'})`;
}
