import type { RunningStack } from '../../../local/stack.ts';
import type { Bombarded } from './bombarded.ts';
import { losesReply } from './faults.ts';

/** A process that was killed, and the text of what it was working on. */
export interface Kill {
  readonly functionName: string;
  readonly event: string;
}

/** What arrived, by repository, in order. */
interface Arrivals {
  /** Whether each message said that it may be a repeat. */
  readonly slack: ReadonlyMap<string, readonly boolean[]>;
  readonly sns: ReadonlyMap<string, readonly boolean[]>;
  /** Aggregation keys. */
  readonly events: ReadonlyMap<string, readonly unknown[]>;
  /** `<metric> <severity> <tag> <value>`. */
  readonly gauges: ReadonlyMap<string, readonly string[]>;
}

const REPOSITORY = /kill\/\d{5}/;

function arrivals({ slack, sns, datadog }: RunningStack): Arrivals {
  return {
    slack: grouped(
      slack.messages.flatMap(({ message }) => lines(message)),
      (line) => [line, /possible repeat/i.test(line)],
    ),
    sns: grouped(sns.published, ({ message }) => [message, JSON.parse(message).possibleRepeat === true]),
    events: grouped(datadog.events, ({ tags, aggregation_key }) => [JSON.stringify(tags), aggregation_key]),
    gauges: grouped(datadog.series, ({ metric, metricTags, value }) => [
      metricTags.join(' '),
      [metric, ...metricTags, value].join(' '),
    ]),
  };
}

/** What a message says of each image: a digest has a bullet for each, a single message is about one. */
function lines(message: object): readonly string[] {
  const bullets = listsIn(message).flatMap(({ elements }) => elements.map((it) => JSON.stringify(it)));
  const naming = bullets.filter((it) => REPOSITORY.test(it));
  return naming.length > 0 ? naming : [JSON.stringify(message)];
}

function listsIn(node: unknown): readonly { readonly elements: readonly unknown[] }[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, elements } = node as { readonly type?: unknown; readonly elements?: unknown };
  if (type === 'rich_text_list' && Array.isArray(elements)) return [{ elements }];
  return Object.values(node).flatMap(listsIn);
}

function grouped<T, V>(all: readonly T[], read: (one: T) => readonly [text: string, value: V]) {
  const groups = new Map<string, V[]>();
  for (const one of all) {
    const [text, value] = read(one);
    const name = REPOSITORY.exec(text)?.[0] ?? 'nobody';
    const group = groups.get(name);
    if (group) group.push(value);
    else groups.set(name, [value]);
  }
  return groups;
}

/** What a run has to answer for; every list is empty when all went as promised, except for the explained repeats. */
export interface Account {
  readonly lost: readonly string[];
  /** Repeats at sinks without a key that no lost reply and no kill explains. */
  readonly unexplained: readonly string[];
  /** Repeats that do not say that they may be one. */
  readonly unmarked: readonly string[];
  /** Of sinks with a key: repeats that Datadog would not fold, or gauges of which two values are told. */
  readonly keyedDoubles: readonly string[];
  readonly explainedRepeats: number;
  readonly deadLetters: number;
}

/** Holds what arrived against what should have, what the proxies broke and who was killed. */
export function accountOf(
  { stack, proxies }: Bombarded,
  repositories: readonly string[],
  kills: readonly Kill[],
): Account {
  const { slack, sns, events, gauges } = arrivals(stack);
  const keyless = [
    { sink: 'slack', got: slack, excuses: excuses('deliver-slack', proxies.slack, kills) },
    { sink: 'sns', got: sns, excuses: excuses('deliver-sns', proxies.sns, kills) },
  ];
  const repeats = keyless.flatMap(({ sink, got, excuses }) =>
    [...got].flatMap(([name, marks]) => ({
      what: `${sink} ${name}`,
      extra: marks.length - 1,
      excused: excuses.get(name) ?? 0,
      unmarked: marks.slice(1).filter((isMarked) => !isMarked).length,
    })),
  );
  const whole = new Set(gauges.get(repositories[0] ?? '')).size;
  return {
    lost: repositories.flatMap((name) => [
      ...[slack, sns, events].flatMap((got, index) => (got.has(name) ? [] : [`${name} at sink ${index}`])),
      ...(new Set(gauges.get(name)).size < whole ? [`gauges of ${name}`] : []),
    ]),
    unexplained: repeats.filter(({ extra, excused }) => extra > excused).map(({ what }) => what),
    unmarked: repeats.filter(({ unmarked }) => unmarked > 0).map(({ what }) => what),
    keyedDoubles: [
      ...[...events].filter(([, keys]) => new Set(keys).size !== 1),
      ...[...gauges].filter(([, points]) => new Set(points).size !== whole),
    ].map(([name]) => name),
    explainedRepeats: repeats.reduce((sum, { extra }) => sum + extra, 0),
    deadLetters: [...stack.queues]
      .filter(([name]) => name.endsWith('DeadLetters'))
      .reduce((sum, [, queue]) => sum + queue.messages().length, 0),
  };
}

/** How often a message about a repository may have arrived unnoticed. */
function excuses(name: string, proxy: Bombarded['proxies']['slack'], kills: readonly Kill[]) {
  const counts = new Map<string, number>();
  const excuse = (text: string): void => {
    for (const repository of new Set(text.match(new RegExp(REPOSITORY, 'g'))))
      counts.set(repository, (counts.get(repository) ?? 0) + 1);
  };
  for (const { fault, body } of proxy.struck) if (losesReply(fault)) excuse(decodeURIComponent(body));
  for (const { functionName, event } of kills) if (functionName.endsWith(name)) excuse(event);
  return counts;
}
