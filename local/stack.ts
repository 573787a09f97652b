import { type DatadogServer, startDatadog } from './datadog.ts';
import { startDynamoDb } from './dynamodb.ts';
import { createRegistry, type Registry } from './ecr/registry.ts';
import { type EcrServer, startEcr } from './ecr/server.ts';
import { type Bus, createBus } from './event-bus.ts';
import { matches } from './event-rule.ts';
import { type EventsApi, startEventsApi } from './events-api.ts';
import { startGateway } from './gateway/gateway.ts';
import type { Endpoint } from './http.ts';
import { type RunningFunctions, startFunctions } from './lambda/functions.ts';
import { type IdleOptions, untilIdle } from './lambda/idle.ts';
import type { PackagedService } from './package.ts';
import { type SlackServer, startSlack } from './slack.ts';
import { type SnsServer, startSns } from './sns.ts';
import type { Queue } from './sqs/queue.ts';
import { createQueues } from './sqs/queues.ts';
import { startSqs } from './sqs/server.ts';
import { type SsmServer, startSsm } from './ssm.ts';
import { readTemplate, type Stack } from './template.ts';

export interface StackOptions {
  /** From `packageService`; whoever packaged disposes of it, after `stop`. */
  readonly packaged: Pick<PackagedService, 'template' | 'bundles'>;
  readonly account?: string;
  readonly region?: string;
  /** Sinks whose secret is not in SSM. */
  readonly unconfigured?: readonly ('datadog' | 'slack')[];
  /** Comes on top of the template's environment, for every function. */
  readonly environment?: Readonly<Record<string, string>>;
  /** When a message comes back after an unexpected error; default: the template's visibility timeout. */
  readonly retryAfterCrashSeconds?: number;
  /** How many processes of each function share its queue; default 1. */
  readonly processesPerFunction?: number;
  /** The longest that a function can put a message off, whatever it asks for: hours become seconds. */
  readonly longestPauseSeconds?: number;
  /** The longest that a queue gathers messages for a batch; default: not at all, so that nobody waits. */
  readonly longestGatheringSeconds?: number;
  /** The registry's clock; default: the machine's. */
  readonly now?: () => Date;
  /** The built `local/lambda/bootstrap.ts`, when it is not in `dist/local`. */
  readonly bootstrap?: string;
}

type RunningPart = 'logs' | 'onLog' | 'invocations' | 'workers' | 'runNow';

export interface RunningStack extends Pick<RunningFunctions, RunningPart>, Parts {
  readonly bus: Bus;
  /** Where others put events on the bus. */
  readonly events: EventsApi;
  /** What answers over HTTP; only when a parameter of the package asks for it. */
  readonly gateway?: Endpoint | undefined;
  /** Names of the tables. */
  readonly tables: { readonly lineage: string; readonly ledger: string };
  readonly endpoints: readonly { readonly name: string; readonly url: string }[];
  /** Resolves when all is done that can be done now; rejects after `timeoutMs` and says what is left. */
  idle(options?: IdleOptions): Promise<void>;
  stop(): Promise<void>;
}

/** What stands for AWS and for the sinks. */
interface Parts {
  readonly registry: Registry;
  /** By logical id. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** What SSM answers with; change it to give or to take a secret. */
  readonly parameters: Map<string, string>;
  readonly ecr: EcrServer;
  readonly sqs: Endpoint;
  readonly ssm: SsmServer;
  readonly sns: SnsServer;
  readonly dynamodb: Endpoint;
  readonly datadog: DatadogServer;
  readonly slack: SlackServer;
}

type Close = () => Promise<void>;
type Started = <E extends Endpoint>(starting: Promise<E>) => Promise<E>;

const DATADOG_API_KEY = 'local-api-key';

/**
 * Starts all that stands for AWS and the sinks on 127.0.0.1, and the packaged functions with it. When anything
 * fails to start, what had started is closed.
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const closers: Close[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(closers.splice(0).map((close) => close()));
  };
  const started: Started = async (starting) => {
    const endpoint = await starting;
    closers.push(() => endpoint.close());
    return endpoint;
  };
  try {
    const { account = '111122223333', region = 'us-east-1' } = options;
    const { stack, parts } = await startParts({ ...options, account, region }, started);
    const bus = createBus({ rules: stack.rules, queues: parts.queues.values(), matches });
    const events = await started(startEventsApi(bus, { account, region }));
    const environment = {
      ...endpointEnvironment(parts),
      AWS_ENDPOINT_URL_EVENTBRIDGE: events.url,
      ...options.environment,
    };
    const { bundles } = options.packaged;
    const queues = parts.queues.values();
    const functions = startFunctions({ ...options, ...stack, account, region, bundles, queues, environment });
    closers.push(functions.stop);
    const gateway =
      stack.gateway && (await started(startGateway(stack.gateway, { account, region, ...functions })));
    return {
      ...parts,
      bus,
      events,
      gateway,
      tables: { lineage: variable(stack, 'LINEAGE_TABLE'), ledger: variable(stack, 'LEDGER_TABLE') },
      endpoints: endpointsOf({ ...parts, events, ...(gateway && { gateway }) }),
      logs: functions.logs,
      onLog: functions.onLog,
      invocations: functions.invocations,
      workers: functions.workers,
      runNow: functions.runNow,
      idle: (idleOptions) => untilIdle(functions.consumers, idleOptions),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Located = StackOptions & { readonly account: string; readonly region: string };

async function startParts(options: Located, started: Started): Promise<{ stack: Stack; parts: Parts }> {
  const { packaged, account, region, unconfigured = [], now = () => new Date() } = options;
  // The template needs the queues' URLs, and the queues need the template: so SQS starts without queues.
  const queues = new Map<string, Queue>();
  const sqs = await started(startSqs(queues, options));
  // The SDK takes a queue's URL for its endpoint, so whoever stands between us and SQS has to be in it.
  const origin = options.environment?.AWS_ENDPOINT_URL_SQS ?? sqs.url;
  const queueUrl = (name: string) => `${origin}/${account}/${name}`;
  const stack = readTemplate(packaged.template, { account, region, queueUrl });
  for (const [logicalId, queue] of createQueues(stack.queues, Date.now)) queues.set(logicalId, queue);

  const registry = createRegistry({ account, region, now });
  const parameters = new Map<string, string>();
  const parts: Parts = {
    registry,
    queues,
    parameters,
    sqs,
    ecr: await started(startEcr(registry)),
    ssm: await started(startSsm(parameters)),
    sns: await started(startSns({ topics: new Set(stack.topics.map(({ arn }) => arn)) })),
    dynamodb: await started(startDynamoDb(stack.tables.map(({ input }) => input))),
    datadog: await started(startDatadog({ apiKey: DATADOG_API_KEY })),
    slack: await started(startSlack()),
  };
  const secrets = { datadog: DATADOG_API_KEY, slack: parts.slack.webhookUrl };
  for (const sink of ['datadog', 'slack'] as const) {
    if (!unconfigured.includes(sink)) parameters.set(variable(stack, SECRET_OF[sink]), secrets[sink]);
  }
  const signing = variableIn(stack, 'SLACK_SIGNING_SECRET_PARAMETER');
  if (signing) parameters.set(signing, parts.slack.workspace.signingSecret);
  return { stack, parts };
}

const SECRET_OF = { datadog: 'DATADOG_API_KEY_PARAMETER', slack: 'SLACK_WEBHOOK_PARAMETER' } as const;

/** The value of `SCAN_RESPONSE_<name>`, from whichever function has it. */
function variable(stack: Stack, name: string): string {
  const value = variableIn(stack, name);
  if (!value)
    throw new Error(`no function in the template has SCAN_RESPONSE_${name}; look into serverless.yml`);
  return value;
}

function variableIn({ functions }: Stack, name: string): string | undefined {
  return functions.map(({ environment }) => environment[`SCAN_RESPONSE_${name}`]).find(Boolean);
}

/**
 * Leads the SDK's clients and the functions to the loopback parts.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function endpointEnvironment({
  ecr,
  sqs,
  ssm,
  sns,
  dynamodb,
  datadog,
  slack,
}: Parts): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_ECR: ecr.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_SSM: ssm.url,
    AWS_ENDPOINT_URL_SNS: sns.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    SCAN_RESPONSE_DATADOG_URL: datadog.url,
    SCAN_RESPONSE_SLACK_API_URL: slack.url,
    SCAN_RESPONSE_ALLOW_LOOPBACK: '1',
  };
}

type Served = Parts & { readonly events: Endpoint; readonly gateway?: Endpoint };

function endpointsOf({ registry: _, queues: __, parameters: ___, ...served }: Served) {
  return Object.entries(served).map(([name, { url }]) => ({ name, url }));
}
