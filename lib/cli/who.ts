import { shortDigest } from '../image/digest.ts';
import { parseReference } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { type WhoAnswer, who } from '../lookup/who.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { MOMENT, PLACE } from './options.ts';
import { ago, bothZones, parseTime } from './time.ts';
import { commitLines, place, row, scanText, tiedText, unanswered, verificationText } from './words.ts';

const SCHEMA = 'scan-response.who/v1';

export const whoCommand: Command = {
  usage: 'who <repository>:<tag> [--at TIME]',
  summary: 'Which image and commit a tag points to, or pointed to at a time.',
  options: { ...MOMENT, ...PLACE },
  takesReference: 'always',
  async run(text, { at, account, region }, { lookup }): Promise<Output> {
    const ports = lookup();
    const now = ports.now();
    const reference = { ...parseReference(text), ...(account && { account }), ...(region && { region }) };
    const answer = await who(reference, at === undefined ? toInstant(now) : parseTime(at, now), ports);
    if (answer.found !== 'one') return unanswered(SCHEMA, answer);
    return {
      exit: EXIT.found,
      lines: describe(answer, now),
      document: { schema: SCHEMA, reference: text, ...answer },
    };
  },
};

function describe(answer: WhoAnswer, now: Date): readonly string[] {
  const { repository, tag, digest, at, since, until, tied, provenance, scan, verification } = answer;
  const commit = provenance ? provenance.best.commit.slice(0, 12) : 'commit unknown';
  const [first = '', ...doubts] = commitLines(provenance);
  return [
    `${repository.name}${tag ? `:${tag}` : ''}  ${commit}  ${shortDigest(digest)}${since ? `  since ${ago(since, now)}` : ''}`,
    row('asked for', bothZones(at)),
    row('commit', first),
    ...doubts.map((doubt) => row('', doubt)),
    row('digest', digest),
    row('where', place(repository)),
    ...(since ? [row('from', bothZones(since))] : []),
    ...(tag ? [row('until', until ? bothZones(until) : 'still so, by the events seen')] : []),
    ...(tied ? [row('DOUBT', tiedText(tied))] : []),
    ...imageRows(answer),
    row('scan', scanText(scan)),
    row('history', verificationText(verification)),
  ];
}

function imageRows({ image, archivedAt, deletedAt }: WhoAnswer): readonly string[] {
  if (!image) return [row('image', 'its push has been seen, its description not yet')];
  const { tags, platforms, pushedAt } = image;
  return [
    row('pushed', bothZones(pushedAt)),
    row('tags', tags.join(', ') || 'none'),
    ...(platforms.length > 0 ? [row('platforms', platforms.map(({ platform }) => platform).join(', '))] : []),
    ...(archivedAt ? [row('ARCHIVED', bothZones(archivedAt))] : []),
    ...(deletedAt ? [row('DELETED', bothZones(deletedAt))] : []),
  ];
}
