import { BadReference } from '../errors.ts';
import { shortDigest } from '../image/digest.ts';
import { parseReference } from '../image/reference.ts';
import type { Window } from '../image/tag-event.ts';
import { safeText } from '../image/untrusted.ts';
import { type HistoryAnswer, type HistoryEntry, history } from '../lookup/history.ts';
import { type Life, livesOf } from '../lookup/life.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { MOMENT, PLACE } from './options.ts';
import { workloadText } from './run-words.ts';
import { bothZones, parseTime } from './time.ts';
import { place, row, scanText, unanswered, verificationText } from './words.ts';

const SCHEMA = 'scan-response.history/v1';

export const historyCommand: Command = {
  usage: 'history <repository>:<tag> [--limit N]',
  summary: 'Everywhere a tag has pointed, newest first.',
  options: {
    limit: { value: 'N', says: 'how many entries (20)' },
    details: { says: 'with what the newest scan of each image counts, and everything that ran it' },
    ...MOMENT,
    ...PLACE,
  },
  takesReference: 'always',
  async run(text, { limit = '20', at, fold, account, region, details }, { lookup }): Promise<Output> {
    const ports = await lookup();
    if (!/^[1-9]\d{0,2}$/.test(limit)) throw new BadReference('--limit takes a number from 1 to 999');
    const reference = { ...parseReference(text), ...(account && { account }), ...(region && { region }) };
    const until = at === undefined ? undefined : parseTime(at, ports.now(), { fold });
    const answer = await history(reference, Number(limit), ports, until);
    if (answer.found !== 'one') return unanswered(SCHEMA, answer);
    const digests = answer.entries.flatMap(({ digest }) => digest ?? []);
    const images = details && (await livesOf(answer.repository, digests, ports));
    return {
      exit: EXIT.found,
      lines: linesOf(answer, images || []),
      document: { schema: SCHEMA, reference: text, ...answer, ...(images && { images }) },
    };
  },
};

function linesOf(
  { repository, tag, entries, verification }: HistoryAnswer,
  images: readonly Life[],
): readonly string[] {
  return [
    `${repository.name}:${tag}  (${place(repository)})`,
    ...entries.flatMap((entry) => {
      const life = images.find(({ digest }) => digest === entry.digest);
      return [describe(entry), ...(life ? lifeLines(life) : [])];
    }),
    row('history', verificationText(verification)),
  ];
}

function lifeLines({ scan, runs }: Life): readonly string[] {
  const end = ({ tasks, lastStoppedAt }: Life['runs'][number]) =>
    tasks > 0 ? ', still runs' : lastStoppedAt ? ` until ${bothZones(lastStoppedAt)}` : ', no end was told';
  return [
    `      ${scanText(scan)}`,
    ...runs.map((it) => `      ran in ${workloadText(it)} from ${bothZones(it.startedAt)}${end(it)}`),
  ];
}

function describe({ op, at, digest, provenance, window, actor, origin }: HistoryEntry): string {
  const what = op === 'delete' || !digest ? 'deleted' : shortDigest(digest);
  const commit = provenance ? provenance.best.commit.slice(0, 12) : '';
  const conflict = provenance && provenance.conflicts.length > 0 ? '  CONFLICT' : '';
  const guess = window ? `  ${windowText(window)}` : '';
  const who = actor ? `  by ${safeText(actor)}` : '';
  const from = origin ? `  from ${origin.account}/${origin.region}` : '';
  return `  ${bothZones(at)}  ${what.padEnd(12)}  ${commit}${conflict}${who}${from}${guess}`.trimEnd();
}

function windowText({ notBefore, notAfter }: Window): string {
  const from = notBefore ? `between ${bothZones(notBefore)} and` : 'not after';
  return `(no event came: ${from} ${bothZones(notAfter)})`;
}
