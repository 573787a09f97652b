import { foundIn } from '../doctor/reading.ts';
import { BadReference } from '../errors.ts';
import { parseReference, parseTag } from '../image/reference.ts';
import { type Instant, toInstant } from '../instant.ts';
import { askRegion, readInput, troublePorts } from '../services/troubleshoot.ts';
import type { Direction } from '../troubleshoot/cause.ts';
import { diagnose } from '../troubleshoot/diagnose.ts';
import type { Examination, Question } from '../troubleshoot/facts.ts';
import type { Finding } from '../troubleshoot/finding.ts';
import { gather } from '../troubleshoot/gather.ts';
import { parseRegion, registryHost } from '../troubleshoot/place.ts';
import { recognise } from '../troubleshoot/recognise.ts';
import { causeOf, causesOf } from '../troubleshoot/table.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { countsOf, paint } from './doctor-words.ts';
import { bothZones } from './time.ts';
import { findingLines, textLines, verdictLine } from './troubleshoot-words.ts';

const SCHEMA = 'scan-response.doctor/v1';

const ROLE = /^arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,600}$/;
const VPC = /^vpc-[0-9a-f]{8,17}$/;
const PLATFORM = /^[a-z0-9]{1,20}\/[a-z0-9_]{1,20}(\/[a-z0-9.]{1,20})?$/;

/** Looks into a push or a pull, and says what is wrong, first cause first. */
export async function troubleshoot(
  direction: Direction,
  typed: string,
  options: Options,
  { lookup, now, environment, progress }: Tools,
): Promise<Output> {
  const question = await questionOf(direction, typed, options);
  const text = options.error === '-' ? await readInput() : options.error;
  const recognised = text === undefined ? undefined : recognise(text, causesOf(direction));
  progress('asking AWS, and this machine');
  const examination = await gather(question, troublePorts(question.region, lookup, environment));
  const clock = { now: now(), say: bothZones };
  const found = diagnose(examination, recognised ?? [], clock);
  return report(
    examination,
    found,
    recognised?.map(({ id }) => id),
    toInstant(clock.now),
  );
}

/** Throws BadReference for what nobody can look into. */
async function questionOf(direction: Direction, typed: string, options: Options): Promise<Question> {
  const reference = parseReference(typed);
  const { role, vpc, platform, layers = false } = options;
  const account = reference.account ?? options.account;
  const given = reference.region ?? options.region;
  // Without a region of one's own a whole URI is enough.
  const ownRegion = await (given === undefined ? askRegion() : askRegion().catch(() => undefined));
  check(account, /^\d{12}$/, '--account takes 12 digits');
  check(
    role,
    ROLE,
    '--role takes the ARN of a role or a user, as arn:aws:iam::111122223333:role/ecsTaskExecutionRole',
  );
  check(vpc, VPC, '--vpc takes the id of a VPC, as vpc-0a1b2c3d4e5f60718');
  check(platform, PLATFORM, '--platform takes a platform, as linux/arm64');
  if (platform !== undefined && !layers)
    throw new BadReference(
      '--platform needs --layers: platforms are in the manifest, and reading it counts as a pull',
    );
  return {
    direction,
    account,
    region: parseRegion(given ?? ownRegion ?? ''),
    ownRegion,
    name: reference.name,
    // As docker does where no tag is named.
    tag: reference.tag ?? parseTag('latest'),
    digest: reference.digest,
    ...{ role, vpc, platform, readsLayers: layers },
  };
}

function check(value: string | undefined, pattern: RegExp, otherwise: string): void {
  if (value !== undefined && !pattern.test(value)) throw new BadReference(otherwise);
}

function report(
  examination: Examination,
  found: readonly Finding[],
  recognised: readonly string[] | undefined,
  checkedAt: Instant,
): Output {
  const counts = countsOf(found);
  const cause = found.find(({ state }) => state === 'fault')?.cause;
  const { direction } = examination.question;
  return {
    exit: cause ? EXIT.fault : isDark(counts) ? EXIT.backend : EXIT.found,
    isAnswer: true,
    lines: [
      `${direction} ${whereOf(examination)}, ${bothZones(checkedAt)}`,
      ...textLines(recognised),
      '',
      ...findingLines(found),
      '',
      verdictLine(found, counts),
    ],
    paint,
    document: {
      schema: SCHEMA,
      direction,
      ...aboutOf(examination),
      checkedAt,
      ...(recognised && { recognised }),
      ...(cause && { cause }),
      counts,
      checks: found.map(({ cause: id, ...rest }) => ({ id, ...rest, source: causeOf(id).source })),
    },
  };
}

/** Nothing could be looked at: that is no answer. */
function isDark({ ok, warning, fault }: ReturnType<typeof countsOf>): boolean {
  return ok + warning + fault === 0;
}

function imageOf({ name, tag, digest }: Question): string {
  return digest ? `${name}@${digest}` : `${name}:${tag}`;
}

function whereOf({ question, repository }: Examination): string {
  const image = imageOf(question);
  return repository ? `${registryHost(repository)}/${image}` : `${image} in ${question.region}`;
}

function aboutOf({ question, repository, facts }: Examination): Readonly<Record<string, unknown>> {
  const { region, role, vpc } = question;
  const caller = foundIn(facts.caller)?.arn;
  return {
    image: imageOf(question),
    region,
    ...(repository && { account: repository.account }),
    ...(role && { role }),
    ...(vpc && { vpc }),
    ...(caller && { caller }),
  };
}
