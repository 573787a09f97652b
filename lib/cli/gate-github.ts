import { aboutDoubt, explainDoubt } from '../gate/advice.ts';
import { code } from '../image/inline-code.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { SEVERITIES } from '../scan/severity.ts';
import { findingWords, type Gated, inLog, reasonOf, VERDICTS } from './gate-words.ts';

/** GitHub shows ten errors of a step, and as many notices. */
const MAX_ANNOTATIONS = 10;
const MAX_LISTED = 20;

/**
 * Workflow commands for what is in the way of a deploy, for a log of GitHub Actions; none when nothing is.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotations(gated: Gated): readonly string[] {
  const { judgement, reference } = gated;
  const { verdict, blocking } = judgement;
  if (verdict === 'passed') return [];
  if (verdict === 'unscanned') return [command('error', `${reference} is not scanned`, reasonOf(gated))];
  if (blocking.length === 0) return [command('error', `${reference} is blocked`, reasonOf(gated))];
  const more = blocking.length - MAX_ANNOTATIONS;
  return [
    ...blocking
      .slice(0, MAX_ANNOTATIONS)
      .map((it) =>
        command(
          'error',
          `${safeText(it.id, 80)} (${it.severity.toLowerCase()})`,
          `${reference}: ${findingWords(it, safeText)}`,
        ),
      ),
    ...(more > 0 ? [command('notice', `${reference} is blocked`, `and ${more} more findings`)] : []),
  ];
}

function command(level: 'error' | 'notice', title: string, message: string): string {
  return inLog(`::${level} title=${escapedProperty(title)}::${escaped(message)}`);
}

/** As https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts does it. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** The summary of a step in GitHub's Markdown; what others wrote is inline code, and in no table. */
export function summary(gated: Gated): string {
  const { judgement, registered, reference } = gated;
  const { scan, blocking, doubts, counted } = judgement;
  const { repository, digest } = registered.image;
  const more = blocking.length - MAX_LISTED;
  const rows = SEVERITIES.flatMap((severity) => {
    const limit = counted.find((it) => it.severity === severity);
    const found = scan?.counts[severity] ?? 0;
    if (found === 0 && limit === undefined) return [];
    const { count = found, max = 'no limit' } = limit ?? {};
    return [`| ${severity.toLowerCase()} | ${found} | ${count} | ${max} |`];
  });
  return [
    '',
    `### ${VERDICTS[judgement.verdict]}: ${code(untrusted(reference), 400)}`,
    '',
    code(untrusted(reasonOf(gated)), 400),
    '',
    `Image ${code(untrusted(`${repository.name}@${digest}`), 400)}`,
    '',
    ...(scan ? ['| severity | found | counted | at most |', '|---|--:|--:|--:|', ...rows, ''] : []),
    ...blocking.slice(0, MAX_LISTED).map((it) => `- ${it.severity.toLowerCase()}: ${findingWords(it, code)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    ...doubts.map((doubt) => {
      const { says, advice } = explainDoubt(doubt);
      const what = [aboutDoubt(doubt), says].filter(Boolean).join(': ');
      return `- not known: ${code(untrusted(what), 400)}: ${advice}`;
    }),
    '',
  ].join('\n');
}
