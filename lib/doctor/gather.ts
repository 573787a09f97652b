import { ALL_TOPICS, FUNCTIONS, SCHEDULES, SECRETS, TABLES, type TopicName } from './blueprint.ts';
import { parameterOf } from './checks/sink.ts';
import { arnOf, type Deployment, nameOf, placeOf } from './deployment.ts';
import type { DoctorPorts, Facts, FunctionReadings, RuleReadings, TableReadings } from './facts.ts';
import { QUEUES } from './queues.ts';
import { foundIn, type Reading } from './reading.ts';
import { RULES } from './rules.ts';

/** What a deployment looks like from outside. */
export interface Examination {
  readonly deployment: Deployment;
  readonly facts: Facts;
}

/**
 * Asks AWS everything about the deployment of a stage, all at once, then what needs an answer to be asked.
 * Throws when AWS answered nothing at all; one answer is enough to go on.
 */
export async function gather(stage: string, ports: DoctorPorts): Promise<Examination> {
  const named = (short: string) => nameOf({ stage }, short);
  const [rules, queues, oldestAges, functions, tables, alarms, scanning] = await Promise.all([
    collect([...names(RULES), ...names(SCHEDULES)], (short) => askRule(named(short), ports)),
    collect(
      names(QUEUES).flatMap((name) => [name, `${name}-dead-letters`]),
      (short) => ports.readQueue(named(short)),
    ),
    askAges(named, ports),
    collect(names(FUNCTIONS), (short) => askFunction(named(short), ports)),
    collect(TABLES, (short) => askTable(named(short), short, ports)),
    ports.readAlarms(`${named('')}`),
    ports.readScanning(),
  ]);
  const asked = { rules, queues, oldestAges, functions, tables, alarms, scanning };
  orThrow(asked);
  const place = placeOf(arnsIn(asked));
  const deployment = { stage, ...(place && { place }) };
  const [secrets, topics] = await Promise.all([
    collect(
      SECRETS.map(({ sink }) => sink),
      (sink) => askSecret(sink, asked, ports),
    ),
    collect(ALL_TOPICS, async (short) =>
      isThere(short, asked) ? askTopic(deployment, short, ports) : undefined,
    ),
  ]);
  return { deployment, facts: { ...asked, secrets, topics } };
}

async function askRule(name: string, ports: DoctorPorts): Promise<RuleReadings> {
  const [rule, targets] = await Promise.all([ports.readRule(name), ports.readTargets(name)]);
  return { rule, targets };
}

async function askFunction(name: string, ports: DoctorPorts): Promise<FunctionReadings> {
  const [configuration, reserved, mappings] = await Promise.all([
    ports.readFunction(name),
    ports.readReservedConcurrency(name),
    ports.readMappings(name),
  ]);
  const roleArn = foundIn(configuration)?.roleArn;
  const role =
    roleArn === undefined ? undefined : await ports.readRole(roleArn.slice(roleArn.lastIndexOf('/') + 1));
  return { configuration, reserved, mappings, role };
}

async function askTable(
  name: string,
  short: (typeof TABLES)[number],
  ports: DoctorPorts,
): Promise<TableReadings> {
  const [table, recovery, newest] = await Promise.all([
    ports.readTable(name),
    ports.readRecovery(name),
    ports.readNewest(name, short),
  ]);
  return { table, recovery, newest };
}

/** By short names. */
async function askAges(named: (short: string) => string, ports: DoctorPorts): Promise<Facts['oldestAges']> {
  const ages = await ports.readOldestAges(names(QUEUES).map(named));
  if (ages.state !== 'found') return ages;
  return {
    state: 'found',
    value: Object.fromEntries(names(QUEUES).map((short) => [short, ages.value[named(short)]])),
  };
}

async function askSecret(sink: string, facts: Pick<Facts, 'functions'>, ports: DoctorPorts) {
  const drawing = SECRETS.find((secret) => secret.sink === sink);
  const parameter = drawing && parameterOf(facts, drawing);
  return parameter === undefined ? undefined : ports.readSecret(parameter);
}

/** A topic that a deployment need not have is there when a function was told of it. */
function isThere(topic: TopicName, { functions }: Pick<Facts, 'functions'>): boolean {
  const { environment } = foundIn(functions['deliver-sns']?.configuration ?? { state: 'absent' }) ?? {};
  return topic !== 'chat' || Boolean(environment?.SCAN_RESPONSE_CHAT_TOPIC_ARN);
}

async function askTopic(deployment: Deployment, short: string, ports: DoctorPorts) {
  const arn = arnOf(deployment, 'sns', nameOf(deployment, short));
  return arn === undefined ? undefined : ports.readTopic(arn);
}

function names<N extends string>(drawings: readonly { readonly name: N }[]): readonly N[] {
  return drawings.map(({ name }) => name);
}

async function collect<N extends string, T>(
  keys: readonly N[],
  ask: (key: N) => Promise<T>,
): Promise<Readonly<Record<N, T>>> {
  const entries = await Promise.all(keys.map(async (key) => [key, await ask(key)] as const));
  return Object.fromEntries(entries) as Record<N, T>;
}

type Asked = Omit<Facts, 'secrets' | 'topics'>;

function readingsOf(asked: Asked): readonly Reading<unknown>[] {
  return [
    ...Object.values(asked.rules).flatMap(({ rule, targets }) => [rule, targets]),
    ...Object.values(asked.queues),
    asked.oldestAges,
    ...Object.values(asked.functions).flatMap(({ configuration, mappings }) => [configuration, mappings]),
    ...Object.values(asked.tables).flatMap(({ table, recovery }) => [table, recovery]),
    asked.alarms,
    asked.scanning,
  ];
}

/** Nothing but refusals and failures is no examination: says the first failure, or all that is not permitted. */
function orThrow(asked: Asked): void {
  const readings = readingsOf(asked);
  if (readings.some(({ state }) => state === 'found' || state === 'absent')) return;
  const failed = readings.find((reading) => reading.state === 'failed');
  if (failed) throw Object.assign(new Error(failed.message), { name: failed.name });
  const actions = new Set(
    readings.flatMap((reading) => (reading.state === 'denied' ? [reading.action] : [])),
  );
  throw Object.assign(new Error(`you may do none of ${[...actions].sort().join(', ')}`), {
    name: 'AccessDenied',
  });
}

function arnsIn({ functions, queues, rules, tables }: Asked): readonly (string | undefined)[] {
  return [
    ...Object.values(functions).map(({ configuration }) => foundIn(configuration)?.arn),
    ...Object.values(queues).map((queue) => foundIn(queue)?.arn),
    ...Object.values(rules).map(({ rule }) => foundIn(rule)?.arn),
    ...Object.values(tables).map(({ table }) => foundIn(table)?.arn),
  ];
}
