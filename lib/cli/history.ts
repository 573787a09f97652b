import { BadReference } from '../errors.ts';
import { shortDigest } from '../image/digest.ts';
import { parseReference } from '../image/reference.ts';
import type { Window } from '../image/tag-event.ts';
import { safeText } from '../image/untrusted.ts';
import { type HistoryEntry, history } from '../lookup/history.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { PLACE, ZONE } from './options.ts';
import { bothZones } from './time.ts';
import { place, row, unanswered, verificationText } from './words.ts';

const SCHEMA = 'scan-response.history/v1';

export const historyCommand: Command = {
  usage: 'history <repository>:<tag> [--limit N]',
  summary: 'Everywhere a tag has pointed, newest first.',
  options: { limit: { value: 'N', says: 'how many entries (20)' }, ...PLACE, ...ZONE },
  takesReference: 'always',
  async run(text, { limit = '20', account, region }, { lookup }): Promise<Output> {
    const ports = await lookup();
    if (!/^[1-9]\d{0,2}$/.test(limit)) throw new BadReference('--limit takes a number from 1 to 999');
    const reference = { ...parseReference(text), ...(account && { account }), ...(region && { region }) };
    const answer = await history(reference, Number(limit), ports);
    if (answer.found !== 'one') return unanswered(SCHEMA, answer);
    const { repository, tag, entries, verification } = answer;
    return {
      exit: EXIT.found,
      lines: [
        `${repository.name}:${tag}  (${place(repository)})`,
        ...entries.map(describe),
        row('history', verificationText(verification)),
      ],
      document: { schema: SCHEMA, reference: text, ...answer },
    };
  },
};

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
