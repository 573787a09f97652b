import { isAncestorInClone } from '../ancestry/clone.ts';
import { isAncestorOnForge } from '../ancestry/forge.ts';
import { forgeToken, forgeUrl, sourceHosts } from '../config.ts';
import { BadReference } from '../errors.ts';
import { shortDigest } from '../image/digest.ts';
import type { Reference } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { whichImages } from '../lookup/commit.ts';
import { type AncestryPorts, type Containment, contains, overall, type Target } from '../lookup/contains.ts';
import type { KnownImage } from '../lookup/known-image.ts';
import type { LookupPorts } from '../lookup/ports.ts';
import { service } from '../lookup/service.ts';
import { subjectsIn } from '../lookup/subject.ts';
import { targetsIn } from '../lookup/targets.ts';
import { who } from '../lookup/who.ts';
import { parseWorkload } from '../workload/workload.ts';
import { listed } from './candidates.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { type Moment, parseMoment } from './moment.ts';
import { severalServices } from './service.ts';
import { commitLines, row, unanswered } from './words.ts';

const SCHEMA = 'scan-response.contains/v1';

/** Looks up what `contains` was asked, asks whoever may know, and says it. */
export async function containment(
  typed: string,
  subject: string,
  options: Options,
  tools: Tools,
): Promise<Output> {
  const commit = typed.toLowerCase();
  if (!/^[0-9a-f]{7,64}$/.test(commit))
    throw new BadReference('contains takes a commit of 7 to 64 hex characters');
  const ports = await tools.lookup();
  const targets = await targetsOf(subject, options, ports);
  if ('exit' in targets) return targets;
  const ancestry = ancestryOf(options, tools);
  const found = await Promise.all(targets.targets.map((target) => contains(commit, target, ancestry)));
  const says = overall(found, targets.unresolved.length === 0);
  const itself = says === 'yes' ? undefined : await whichImages(commit, ports);
  const facts = itself?.found === 'one' ? [...itself.images, ...itself.maybe] : [];
  return report({ commit, subject, says, found, unresolved: targets.unresolved, facts });
}

function ancestryOf({ clone = '.', offline = false }: Options, { environment }: Tools): AncestryPorts {
  const hosts = sourceHosts(environment);
  const tokenOf = (host: string, kind: string) => forgeToken(environment, host, kind);
  const forge = { hosts, tokenOf, baseUrl: forgeUrl(environment) };
  return {
    inClone: (ancestor, descendant) =>
      isAncestorInClone(ancestor, descendant, { folder: clone, environment }),
    ...(!offline && {
      onForge: (repoUrl, ancestor, descendant) => isAncestorOnForge(repoUrl, ancestor, descendant, forge),
    }),
  };
}

interface Targets {
  readonly targets: readonly Target[];
  /** What runs and has no digest on record. */
  readonly unresolved: readonly string[];
}

/** The images that the text means: of a reference one, of a service what runs, or ran then. */
async function targetsOf(typed: string, options: Options, ports: LookupPorts): Promise<Targets | Output> {
  const { account, region } = options;
  const moment = parseMoment(typed, options, ports.now());
  const place = { ...(account && { account }), ...(region && { region }) };
  const subjects = subjectsIn(moment.text);
  const named = subjects.find((it) => it.kind === 'reference');
  if (named?.reference.tag || named?.reference.digest)
    return imageTarget({ ...named.reference, ...place }, moment, ports);
  if (!subjects.some(({ kind }) => kind === 'service') || moment.back > 0)
    throw new BadReference('contains takes a commit, and an image with its tag or cluster/service');
  return serviceTargets({ ...parseWorkload(moment.text), ...place }, moment, ports);
}

async function imageTarget(
  reference: Reference,
  { at, back }: Moment,
  ports: LookupPorts,
): Promise<Targets | Output> {
  const answer = await who(reference, at, ports, { back, isBrief: true });
  return answer.found === 'one' ? { targets: [answer], unresolved: [] } : unanswered(SCHEMA, answer);
}

async function serviceTargets(
  name: Parameters<typeof service>[0],
  { at }: Moment,
  ports: LookupPorts,
): Promise<Targets | Output> {
  const answer = await service(name, at ?? toInstant(ports.now()), ports);
  if (answer.found === 'nothing') return unanswered(SCHEMA, answer);
  return answer.found === 'several' ? severalServices(SCHEMA, answer) : targetsIn(answer, at, ports);
}

interface Report {
  readonly commit: string;
  readonly subject: string;
  readonly says: Containment['says'];
  readonly found: readonly Containment[];
  readonly unresolved: readonly string[];
  /** The images that were built of the commit itself. */
  readonly facts: readonly KnownImage[];
}

function report({ commit, subject, says, found, unresolved, facts }: Report): Output {
  return {
    exit: { yes: EXIT.found, no: EXIT.notFound, unknown: EXIT.fault }[says],
    isAnswer: true,
    lines: [
      `${says}  ${subject}  ${commit.slice(0, 12)}`,
      ...found.flatMap(describe),
      ...unresolved.map((image) => row('image', `unknown: ${image}, of which ECS did not say the digest`)),
      ...(found.length + unresolved.length === 0 ? [row('image', 'none that runs is on record')] : []),
      ...(says === 'no' ? [row('note', NOT_BY_ANCESTRY)] : []),
      ...factRows({ says, commit, facts }),
    ],
    document: { schema: SCHEMA, commit, subject, says, images: found, unresolved, exact: facts },
  };
}

const NOT_BY_ANCESTRY =
  'a cherry-pick or a squash merge has the change under another commit; ancestry does not see it';

function factRows({ says, commit, facts }: Pick<Report, 'says' | 'commit' | 'facts'>): readonly string[] {
  const short = commit.slice(0, 12);
  if (says === 'unknown' && facts.length === 0)
    return [row('fact', `no image on record was built of ${short} itself`)];
  return listed(facts).map((line) => row('fact', `${short} itself is in ${line}`));
}

const BY: Readonly<Record<Containment['by'], string>> = {
  exact: 'it was built of this commit',
  clone: 'by ancestry in the clone here',
  forge: 'by ancestry, as the forge says',
  nobody: 'nobody knows',
};

function describe({ target, says, by, why }: Containment): readonly string[] {
  const { repository, tag, digest, provenance } = target;
  const [first = '', ...doubts] = commitLines(provenance);
  return [
    row('image', `${says}: ${repository.name}${tag ? `:${tag}` : ''}@${shortDigest(digest)}, ${BY[by]}`),
    row('', `commit ${first}`),
    ...doubts.map((doubt) => row('', doubt)),
    ...why.map((reason) => row('', reason)),
  ];
}
