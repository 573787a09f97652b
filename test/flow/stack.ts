import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { metricTag } from '../../lib/sinks/datadog/tags.ts';
import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';
import { packageService } from '../../local/package.ts';
import { type RunningStack, type StackOptions, startStack } from '../../local/stack.ts';

type Pushed = ReturnType<RunningStack['registry']['push']>;
type Image = Parameters<RunningStack['registry']['push']>[1];

/** An item of a table, as the document client reads it. */
export type Item = Readonly<Record<string, unknown>>;

/** The embedded stack with the packaged bundles, and what came of what happened to one repository. */
export interface Flow {
  readonly stack: RunningStack;
  /** Pushes an image and sends the events of it. */
  push(repository: string, image?: Image): Pushed;
  /** Gives an image its scan and sends the event of it, changed by `edit`; returns what was sent. */
  scan(repository: string, digest: string, answer: ScanAnswer, edit?: (event: Event) => object): object;
  /** Puts a text into a queue as it is, past the rules. */
  send(queue: 'PushesQueue' | 'ScansQueue' | 'SnsQueue', body: string): void;
  /** Resolves when no queue that feeds a function holds anything about the repository; rejects after 25 s. */
  settled(repository: string): Promise<void>;
  /** What the sinks and the dead letters hold about the repository. */
  got(repository: string): Got;
  /** The repository's items in a table, sorted by key. */
  items(table: 'lineage' | 'ledger', repository: string): Promise<readonly Item[]>;
  stop(): Promise<void>;
}

export type Event = Readonly<Record<string, unknown>> & {
  readonly detail: Readonly<Record<string, unknown>>;
};

interface Got {
  /** The notification text of each Slack message. */
  readonly slack: readonly string[];
  /** Each Slack message as JSON, to look for words in it. */
  readonly slackBodies: readonly string[];
  readonly sns: readonly {
    readonly subject: string;
    readonly body: Notice;
    readonly attributes: Attributes;
  }[];
  /** Titles and texts of Datadog's events. */
  readonly events: readonly { readonly title: string; readonly text: string }[];
  /** Every set of gauges in order of arrival: `{ image_tag, critical: 1, high: 0, … }`. */
  readonly gauges: readonly Gauges[];
  readonly fixable: readonly Gauges[];
  readonly deadLetters: readonly { readonly body: string; readonly reason: string | undefined }[];
  /** What `scan-completed` decided, `<decision>: <reason>`, in order. */
  readonly decisions: readonly string[];
}

export type Gauges = Readonly<Record<string, number | string>>;
type Attributes = Readonly<Record<string, string>>;

/** The SNS body, as far as the tests read it. */
interface Notice {
  readonly id: string;
  readonly event: string;
  readonly reason: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly counts: Readonly<Record<string, number>> | null;
  readonly newCount: number | null;
  readonly stillOpenCount: number | null;
  readonly ignoredCount: number | null;
  readonly findings: readonly { readonly id: string; readonly isNew: boolean }[];
  readonly notScanned: { readonly status: string } | null;
  readonly platforms: readonly { readonly platform: string | null; readonly state: string }[];
  readonly listIncomplete: boolean;
  readonly possibleRepeat: boolean;
}

/** What is waited for in minutes on AWS is waited for in seconds here. */
const SHORT_WAITS = {
  SCAN_RESPONSE_RETRY_SECONDS: '1',
  SCAN_RESPONSE_SIBLING_GRACE_SECONDS: '4',
  SCAN_RESPONSE_READINESS_SECONDS: '4',
  SCAN_RESPONSE_DEBOUNCE_SECONDS: '1',
  SCAN_RESPONSE_SCANS_PER_SECOND: '1000',
  // A file's scenarios share a channel: what folds is tested by itself.
  SCAN_RESPONSE_SLACK_DIGEST_AFTER: '1000',
};

/** One stack for the tests of a file; it is there once the first test runs. */
export function flowForFile(options: Partial<StackOptions> = {}): () => Flow {
  let flow: Flow | undefined;
  beforeAll(async () => {
    flow = await startFlow(options);
  });
  afterAll(async () => flow?.stop());
  return () => {
    if (!flow) throw new Error('the stack starts before the first test: ask for it inside a test');
    return flow;
  };
}

/** Starts the packaged service on the embedded stack with short waits. */
export async function startFlow(options: Partial<StackOptions> = {}): Promise<Flow> {
  const packaged = await packageService({ root: process.cwd(), reuse: true });
  const environment = { ...SHORT_WAITS, ...options.environment };
  const stack = await startStack({ packaged, retryAfterCrashSeconds: 2, ...options, environment });
  const { registry, bus } = stack;
  const tables = openTables(stack);
  const sources = [...stack.queues].filter(([name]) => !name.endsWith('DeadLetters'));
  return {
    stack,
    push(repository, image = { tags: ['latest'] }) {
      const pushed = registry.push(repository, image);
      for (const event of pushed.events) bus.put(event);
      return pushed;
    },
    scan(repository, digest, answer, edit = (event) => event) {
      const event = edit({ ...registry.scan(repository, digest, answer) });
      bus.put(event);
      return event;
    },
    send: (queue, body) => void stack.queues.get(queue)?.send({ body }),
    async settled(repository) {
      const endsMs = Date.now() + 25_000;
      for (;;) {
        const busy = sources.find(([, queue]) =>
          queue.messages().some(({ body }) => names(body, repository)),
        );
        if (!busy) return;
        if (Date.now() > endsMs) throw new Error(`${busy[0]} still holds a message about ${repository}`);
        await sleep(20);
      }
    },
    got: (repository) => gotBy(stack, repository),
    items: (table, repository) => tables.items(stack.tables[table], repository),
    async stop() {
      tables.close();
      await stack.stop();
      await packaged.dispose();
    },
  };
}

/** True when a text is about the repository; names of other scenarios may begin alike. */
function names(text: string, repository: string): boolean {
  return text
    .split(/["\s]/)
    .some((word) => word === repository || word.endsWith(`:repository/${repository}`));
}

function gotBy({ slack, sns, datadog, queues, logs }: RunningStack, repository: string): Got {
  const tag = metricTag('repository', repository);
  const messages = slack.messages.map(({ message }) => message);
  const ours = messages.filter((message) => names(JSON.stringify(message), repository));
  const points = datadog.series.filter(({ metricTags }) => metricTags.includes(tag));
  const letters = [...queues].filter(([name]) => name.endsWith('DeadLetters'));
  return {
    slack: ours.map(({ text = '' }) => text),
    slackBodies: ours.map((message) => JSON.stringify(message)),
    sns: sns.published
      .filter(({ attributes }) => attributes.repository?.value === repository)
      .map(({ subject = '', message, attributes }) => ({
        subject,
        body: JSON.parse(message),
        attributes: Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value])),
      })),
    events: datadog.events.filter(({ tags }) => (tags as readonly string[]).includes(tag)),
    gauges: gaugesOf(points.filter(({ metric }) => metric === 'ecr.image.vulnerabilities')),
    fixable: gaugesOf(points.filter(({ metric }) => metric === 'ecr.image.vulnerabilities.fixable')),
    deadLetters: letters
      .flatMap(([, queue]) => queue.messages())
      .filter(({ body }) => names(body, repository))
      .map(({ body, attributes }) => ({ body, reason: attributes.reason?.StringValue })),
    decisions: logs.flatMap(({ line }) => decisionsIn(line, repository)),
  };
}

/** Seven points in a row, one for each severity, are one set. */
export function gaugesOf(points: RunningStack['datadog']['series']): readonly Gauges[] {
  const sets: Record<string, number | string>[] = [];
  for (const { metricTags, value } of points) {
    const tag = (key: string) =>
      metricTags.find((it) => it.startsWith(`${key}:`))?.slice(key.length + 1) ?? '';
    if (tag('severity') === 'critical') sets.push({ image_tag: tag('image_tag') });
    Object.assign(sets.at(-1) ?? {}, { [tag('severity')]: value });
  }
  return sets;
}

/** A set of gauges as it should be: what is not named is zero, and nothing is missing. */
export function gaugeSet(imageTag: string, counts: Readonly<Record<string, number>> = {}): Gauges {
  const zeros = { critical: 0, high: 0, medium: 0, low: 0, informational: 0, untriaged: 0, undefined: 0 };
  return { image_tag: imageTag, ...zeros, ...counts };
}

function decisionsIn(line: unknown, repository: string): readonly string[] {
  const logged = line as { repository?: string; decisions?: { decision: string; reason: string }[] } | null;
  if (logged?.repository !== repository) return [];
  return (logged.decisions ?? []).map(({ decision, reason }) => `${decision}: ${reason}`);
}

function openTables({ dynamodb, registry }: RunningStack) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: dynamodb.url, region: registry.region, credentials });
  const tables = DynamoDBDocumentClient.from(client);
  return {
    async items(table: string, repository: string): Promise<readonly Item[]> {
      const { Items = [] } = await tables.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
      const about = Items.filter(({ pk, sk }) => `${pk}#${sk}`.split('#').includes(repository));
      return about.sort((a, b) => (`${a.pk}#${a.sk}` < `${b.pk}#${b.sk}` ? -1 : 1));
    },
    close: () => client.destroy(),
  };
}
