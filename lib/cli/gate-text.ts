import { aboutDoubt, explainDoubt } from '../gate/advice.ts';
import type { Doubt } from '../gate/judge.ts';
import { safeText } from '../image/untrusted.ts';
import { SEVERITIES } from '../scan/severity.ts';
import { findingWords, type Gated, inLog, reasonOf, VERDICTS } from './gate-words.ts';
import { bothZones } from './time.ts';
import { place, row } from './words.ts';

const MAX_LISTED = 20;

/** What a person reads. Every line begins with a word of ours, so that nothing in it is a command to a log. */
export function gateLines(gated: Gated): readonly string[] {
  const { reference, registered, question, judgement } = gated;
  const { scan, blocking, doubts, ignoredCount } = judgement;
  const { repository, digest } = registered.image;
  const platforms = judgement.platforms.flatMap(({ platform }) => platform ?? []);
  const more = blocking.length - MAX_LISTED;
  return [
    `${VERDICTS[judgement.verdict]}  ${reference}: ${reasonOf(gated)}`,
    row('image', `${repository.name}@${digest}`),
    row('where', `${place(repository)}${platforms.length > 0 ? `, ${platforms.join(', ')}` : ''}`),
    row('scan', scan ? scanned(scan) : 'nothing that could be read'),
    ...(scan ? countLines(gated) : []),
    ...(ignoredCount > 0 ? [row('ignored', `${ignoredCount} findings by rules`)] : []),
    ...(question.onlyFixable ? [row('counted', 'only what an update removes')] : []),
    ...blocking.slice(0, MAX_LISTED).map((it) => row(it.severity.toLowerCase(), findingWords(it, safeText))),
    ...(more > 0 ? [row('and', `${more} more; --json has them all`)] : []),
    ...doubts.flatMap(doubtLines),
  ].map(inLog);
}

function scanned({ type, completedAt }: { type: string; completedAt?: Parameters<typeof bothZones>[0] }) {
  return `${type}${completedAt ? `, completed ${bothZones(completedAt)}` : ''}`;
}

function countLines({ judgement: { scan, counted } }: Gated): readonly string[] {
  return SEVERITIES.flatMap((severity) => {
    const limit = counted.find((it) => it.severity === severity);
    const found = scan?.counts[severity] ?? 0;
    if (limit === undefined) return found > 0 ? [row('found', `${found} ${word(severity)}, no limit`)] : [];
    const { count, max } = limit;
    const which = count === found ? '' : `, ${count} of them counted`;
    return [row(count > max ? 'TOO MANY' : 'found', `${found} ${word(severity)}${which}, at most ${max}`)];
  });
}

const word = (severity: string) => severity.toLowerCase();

function doubtLines(doubt: Doubt): readonly string[] {
  const { says, advice } = explainDoubt(doubt);
  return [row('UNKNOWN', [aboutDoubt(doubt), says].filter(Boolean).join(': ')), row('to do', advice)];
}
