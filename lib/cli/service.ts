import { shortDigest } from '../image/digest.ts';
import { toInstant } from '../instant.ts';
import { type ServedImage, type ServiceAnswer, type SeveralWorkloads, service } from '../lookup/service.ts';
import { parseWorkload, type Workload } from '../workload/workload.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { MOMENT, PLACE } from './options.ts';
import { rolloutText, tasksText } from './run-words.ts';
import { ago, bothZones, parseTime } from './time.ts';
import { commitLines, row, unanswered } from './words.ts';

const SCHEMA = 'scan-response.service/v1';

export const serviceCommand: Command = {
  usage: 'service <cluster>/<service> [--at TIME]',
  summary: 'Which image and commit an ECS service runs, or ran at a time, and before that.',
  options: { ...MOMENT, ...PLACE },
  takesReference: 'always',
  async run(text, { at, fold, account, region }, { lookup }): Promise<Output> {
    const reference = { ...parseWorkload(text), ...(account && { account }), ...(region && { region }) };
    const ports = await lookup();
    const now = ports.now();
    const answer = await service(
      reference,
      at === undefined ? toInstant(now) : parseTime(at, now, { fold }),
      ports,
    );
    if (answer.found === 'several') return severalServices(SCHEMA, answer);
    if (answer.found === 'nothing') return unanswered(SCHEMA, answer);
    return {
      exit: EXIT.found,
      lines: describe(answer, at === undefined, now),
      document: { schema: SCHEMA, reference: text, ...answer },
    };
  },
};

/** The services of one name, to choose from. */
export function severalServices(schema: string, { workloads }: SeveralWorkloads): Output {
  return {
    exit: EXIT.ambiguous,
    lines: [
      'several services have this name; say which with --account and --region:',
      ...workloads.map((it) => `  ${placeOf(it)}`),
    ],
    document: { schema, error: 'ambiguous', candidates: workloads },
  };
}

function describe(
  { workload, at, ran, before, bounds }: ServiceAnswer,
  isNow: boolean,
  now: Date,
): readonly string[] {
  const { cluster, name } = workload;
  const runs = isNow ? 'runs now' : 'ran then';
  return [
    ...(ran.length === 0
      ? [`${cluster}/${name}  ${none(bounds)} ${isNow ? 'runs' : 'is known to have run then'}`]
      : ran.map((it) => `${cluster}/${name}  ${summary(it)}  since ${ago(it.startedAt, now)}`)),
    row('asked for', bothZones(at)),
    row('where', placeOf(workload)),
    ...ran.flatMap((it) => ['', `  ${it.name}: what ${runs}`, ...rows(it)]),
    ...(before.length > 0 ? ['', '  before that', ...before.map((it) => `    ${line(it)}`)] : []),
    row('history', boundsText(bounds)),
  ];
}

function none({ isWhole, runsLookedAt }: ServiceAnswer['bounds']): string {
  return isWhole ? 'no task with an image of ECR' : `nothing of its newest ${runsLookedAt} runs`;
}

/** The commit and the image, or what is known instead. */
function summary({ provenance, digest, image }: ServedImage): string {
  const commit = provenance ? provenance.best.commit.slice(0, 12) : 'commit unknown';
  return `${commit}  ${digest ? shortDigest(digest) : `digest unknown, asked for as ${image}`}`;
}

function rows(run: ServedImage): readonly string[] {
  const { image, digest, tags, provenance, startedAt, until, deployment, taskDefinition } = run;
  const [first = '', ...doubts] = commitLines(provenance);
  return [
    row('image', image),
    row('digest', digest ?? 'unknown: ECS did not say what it pulled'),
    row('commit', tags ? first : 'unknown: no push of this image has been recorded'),
    ...doubts.map((doubt) => row('', doubt)),
    ...(tags ? [row('tags', tags.join(', ') || 'none')] : []),
    row('since', bothZones(startedAt)),
    ...(until ? [row('until', bothZones(until))] : []),
    row('tasks', tasksText(run)),
    row('by', `${deployment} (${taskDefinition})`),
    ...(run.rollout ? rolloutText(run.rollout).map((text) => row('', text)) : []),
  ];
}

function line(run: ServedImage): string {
  const { startedAt, until, tasks } = run;
  const end = until ? bothZones(until) : tasks > 0 ? 'still runs' : 'no end was told';
  const outcome = run.rollout?.state === 'failed' ? '  FAILED' : '';
  return `${bothZones(startedAt)} to ${end}  ${run.name}  ${summary(run)}  ${run.deployment}${outcome}`;
}

function boundsText({ isWhole, runsLookedAt, earliest }: ServiceAnswer['bounds']): string {
  const reach = isWhole ? 'all that ECS told of' : `the newest ${runsLookedAt} runs`;
  return `${reach}${earliest ? `, nothing is known before ${bothZones(earliest)}` : ''}`;
}

function placeOf({ cluster, name, account, region }: Workload): string {
  return `${cluster}/${name} in ${account}/${region}`;
}
