import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { metricTag } from '../../lib/sinks/datadog/tags.ts';
import { type DatadogServer, startDatadog } from '../../local/datadog.ts';
import { type SlackServer, startSlack } from '../../local/slack.ts';
import { type Gauges, gaugesOf } from '../flow/stack.ts';
import type { Deployment } from './deployment.ts';
import type { Emulators } from './emulators.ts';
import { type Letter, type Mailbox, openMailbox } from './mailbox.ts';

/** Everything that leaves the service: our Slack and Datadog, a subscriber of the topic, the dead letters. */
export interface FarEnd {
  readonly slack: SlackServer;
  readonly got: (repository: string) => Got;
  /** How much each sink has of a repository: Slack, SNS, Datadog's events, sets of gauges. */
  readonly told: (repository: string) => readonly [number, number, number, number];
  readonly close: () => Promise<void>;
}

interface Got {
  /** The bodies that were posted, as JSON text. */
  readonly slack: readonly string[];
  /** Subject, body and message attributes of each notification. */
  readonly sns: readonly { readonly subject: string; readonly body: unknown; readonly attributes: unknown }[];
  readonly events: readonly { readonly title: string; readonly text: string }[];
  /** Every set of gauges in order of arrival. */
  readonly gauges: readonly Gauges[];
  readonly fixable: readonly Gauges[];
  readonly deadLetters: readonly Letter[];
}

interface Notification {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly Value: string }>>;
}

const DATADOG_API_KEY = 'emulated-api-key';
const DEAD_LETTERS = [
  'PushesDeadLetters',
  'ScansDeadLetters',
  'DatadogDeadLetters',
  'SlackDeadLetters',
  'SnsDeadLetters',
];

/** Opens the far end and gives the sinks their secrets, as an owner does after the deploy. */
export async function openFarEnd(emulators: Emulators, deployment: Deployment): Promise<FarEnd> {
  const sqs = new SQSClient(emulators.client);
  const datadog = await startDatadog({ apiKey: DATADOG_API_KEY });
  const slack = await startSlack();
  await putSecret(emulators, `/scan-response/${deployment.stage}/datadog-api-key`, DATADOG_API_KEY);
  await putSecret(emulators, `/scan-response/${deployment.stage}/slack-webhook-url`, slack.webhookUrl);
  await deployment.setEnvironment('deliver-datadog', { SCAN_RESPONSE_DATADOG_URL: datadog.url });
  await deployment.setEnvironment('deliver-slack', {
    SCAN_RESPONSE_ALLOW_LOOPBACK: '1',
    // The scenarios share a channel: with five in a minute the sixth would wait for the next one.
    SCAN_RESPONSE_SLACK_DIGEST_AFTER: '1000',
  });
  const subscriber = await subscribe(emulators, sqs, deployment.resource('NoticesTopic'));
  const deadLetters = DEAD_LETTERS.map((name) => openMailbox(sqs, deployment.resource(name)));
  const got: FarEnd['got'] = (repository) => ({
    ...gotByHttp(repository, datadog, slack),
    sns: notifications(subscriber, repository),
    deadLetters: deadLetters
      .flatMap(({ letters }) => letters)
      .filter(({ body }) => body.includes(`"${repository}"`)),
  });
  return {
    slack,
    got,
    told(repository) {
      const { slack: messages, sns, events, gauges } = got(repository);
      return [messages.length, sns.length, events.length, gauges.length];
    },
    async close() {
      await Promise.all([subscriber, ...deadLetters].map((mailbox) => mailbox.close()));
      sqs.destroy();
      await Promise.all([datadog.close(), slack.close()]);
    },
  };
}

async function putSecret({ client }: Emulators, Name: string, Value: string): Promise<void> {
  const ssm = new SSMClient(client);
  await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
  ssm.destroy();
}

async function subscribe({ client }: Emulators, sqs: SQSClient, TopicArn: string): Promise<Mailbox> {
  const QueueName = 'subscriber';
  const Endpoint = TopicArn.replace(':sns:', ':sqs:').replace(/[^:]+$/, QueueName);
  const topicMaySend = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: Endpoint,
    Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [topicMaySend] });
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
  const sns = new SNSClient(client);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  sns.destroy();
  return openMailbox(sqs, QueueUrl);
}

function notifications({ letters }: Mailbox, repository: string): Got['sns'] {
  return letters
    .map(({ body }): Notification => JSON.parse(body))
    .filter(({ MessageAttributes }) => MessageAttributes.repository?.Value === repository)
    .map(({ Subject, Message, MessageAttributes }) => ({
      subject: Subject,
      body: JSON.parse(Message),
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]),
      ),
    }));
}

function gotByHttp(repository: string, datadog: DatadogServer, slack: SlackServer) {
  const tag = metricTag('repository', repository);
  const points = datadog.series.filter(({ metricTags }) => metricTags.includes(tag));
  const bodies = slack.messages.map(({ message }) => JSON.stringify(message));
  return {
    slack: bodies.filter((body) => body.includes(repository)),
    events: datadog.events.filter(({ tags }) => (tags as readonly string[]).includes(tag)),
    gauges: gaugesOf(points.filter(({ metric }) => metric === 'ecr.image.vulnerabilities')),
    fixable: gaugesOf(points.filter(({ metric }) => metric === 'ecr.image.vulnerabilities.fixable')),
  };
}
