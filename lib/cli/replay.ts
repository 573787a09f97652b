import { BadReference } from '../errors.ts';
import { type Image, parseReference } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { who } from '../lookup/who.ts';
import type { ReplayPorts } from '../services/operator.ts';
import { type Command, EXIT, type Options, type Output, type Tools } from './command.ts';
import { CHANGE, PERIOD, PLACE } from './options.ts';
import { checkStage } from './stage.ts';
import { bothZones, parseTime } from './time.ts';
import { unanswered } from './words.ts';

const SCHEMA = 'scan-response.replay/v1';
const MAX_LISTED = 20;

interface Wanted {
  readonly images: readonly Image[];
  readonly words: string;
}

export const replayCommand: Command = {
  usage: 'replay <repository>:<tag> | --from TIME [--to TIME]  [--dry-run] [--role ARN]',
  summary: 'Has recorded images looked at again; what was told stays told once.',
  options: { ...PERIOD, ...PLACE, ...CHANGE },
  takesReference: 'maybe',
  async run(reference, options, tools): Promise<Output> {
    const { region, role, dryRun, from } = options;
    checkStage(tools.stage);
    if ((reference === '') === (from === undefined))
      throw new BadReference(`usage: scan-response ${replayCommand.usage}`);
    const { replayPorts } = await import('../services/operator.ts');
    const ports = replayPorts({ region, role }, tools.environment);
    const wanted =
      from === undefined ? await oneImage(reference, options, tools) : await period(options, tools, ports);
    if ('exit' in wanted) return wanted;
    if (!dryRun) await ports.sendHints(queueName(tools), wanted.images);
    return report(wanted, dryRun, tools);
  },
};

function queueName({ stage }: Tools): string {
  return `scan-response-${stage}-scans`;
}

function report({ images, words }: Wanted, dryRun: boolean, tools: Tools): Output {
  const sent = dryRun ? 0 : images.length;
  return {
    exit: images.length > 0 ? EXIT.found : EXIT.notFound,
    lines: [
      words,
      ...images.slice(0, MAX_LISTED).map(({ repository, digest }) => `  ${repository.name}@${digest}`),
      ...(images.length > MAX_LISTED ? [`  and ${images.length - MAX_LISTED} more`] : []),
      dryRun ? 'sent nothing' : `sent ${sent} scan ${sent === 1 ? 'hint' : 'hints'} to ${queueName(tools)}`,
    ],
    document: { schema: SCHEMA, stage: tools.stage, dryRun, sent, images },
  };
}

async function oneImage(
  text: string,
  { account, region }: Options,
  { lookup }: Tools,
): Promise<Wanted | Output> {
  const ports = await lookup();
  const reference = { ...parseReference(text), ...(account && { account }), ...(region && { region }) };
  const answer = await who(reference, toInstant(ports.now()), ports);
  if (answer.found !== 'one') return unanswered(SCHEMA, answer);
  const { repository, digest } = answer;
  return { images: [{ repository, digest }], words: `${text} is` };
}

async function period(
  { from = '', to = 'now', fold }: Options,
  tools: Tools,
  ports: ReplayPorts,
): Promise<Wanted> {
  const now = tools.now();
  const span = { from: parseTime(from, now, { fold }), to: parseTime(to, now, { fold }) };
  if (span.to < span.from) throw new BadReference('--to is before --from');
  const images = await ports.findRecorded(span);
  const until = `${bothZones(span.from)} to ${bothZones(span.to)}`;
  return { images, words: `${images.length} images pushed or scanned from ${until}` };
}
