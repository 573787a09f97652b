import { env } from 'node:process';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DescribeImageScanFindingsCommand, ECR, type ImageScanFindings } from '@aws-sdk/client-ecr';
import { SNS } from '@aws-sdk/client-sns';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { client, v1, v2 } from '@datadog/datadog-api-client';

// What a capable team writes first: one function, straight from the rule of EventBridge, every package from its front
// door and with its defaults. It is here to be measured beside our functions (docs/performance.md), and it does the
// same job: reads the scan, remembers it once, tells Datadog, Slack and SNS. Nobody ships it.

const ecr = new ECR();
const sns = new SNS();
const dynamodb = DynamoDBDocument.from(new DynamoDB());
const datadog = client.createConfiguration({ authMethods: { apiKeyAuth: env.DATADOG_API_KEY ?? '' } });
const metrics = new v2.MetricsApi(datadog);
const events = new v1.EventsApi(datadog);

interface ScanEvent {
  readonly time: string;
  readonly detail: {
    readonly 'repository-name': string;
    readonly 'image-digest': string;
    readonly 'image-tags': readonly string[];
  };
}

interface Found {
  readonly id: string;
  readonly severity: string;
}

interface Told {
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly worst: readonly Found[];
}

export async function handler({ time, detail }: ScanEvent): Promise<void> {
  const repository = detail['repository-name'].split(':repository/').at(-1) ?? '';
  const digest = detail['image-digest'];
  const found = await readFindings(repository, digest);
  const counts: Record<string, number> = {};
  for (const { severity } of found) counts[severity] = (counts[severity] ?? 0) + 1;
  const worst = found.filter(({ severity }) => severity === 'CRITICAL').slice(0, 10);
  const told = { repository, digest, tags: detail['image-tags'], counts, worst };
  if (!(await remember(told, time))) return;
  await tellDatadog(told);
  if (worst.length === 0) return;
  await tellSlack(told);
  await sns.publish({
    TopicArn: env.TOPIC_ARN,
    Subject: `${repository} was scanned`,
    Message: JSON.stringify(told),
  });
}

async function readFindings(repositoryName: string, imageDigest: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecr.send(
      new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageDigest }, nextToken }),
    );
    found.push(...foundIn(page.imageScanFindings));
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}

function foundIn({ findings = [], enhancedFindings = [] }: ImageScanFindings = {}): readonly Found[] {
  const basic = findings.map(({ name = '', severity = 'UNDEFINED' }) => ({ id: name, severity }));
  const enhanced = enhancedFindings.map(({ packageVulnerabilityDetails, severity = 'UNTRIAGED' }) => ({
    id: packageVulnerabilityDetails?.vulnerabilityId ?? '',
    severity,
  }));
  return [...basic, ...enhanced];
}

/** False when the scan was told before. */
async function remember({ repository, digest, counts }: Told, time: string): Promise<boolean> {
  try {
    await dynamodb.put({
      TableName: env.LEDGER_TABLE,
      Item: { pk: `SCAN#${repository}#${digest}`, sk: time, counts },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

async function tellDatadog({ repository, digest, tags, counts, worst }: Told): Promise<void> {
  const timestamp = Math.floor(Date.now() / 1000);
  const series = Object.entries(counts).map(([severity, value]) => ({
    metric: `ecr.findings.${severity.toLowerCase()}`,
    type: 3 as const,
    points: [{ timestamp, value }],
    tags: [`repository:${repository}`, ...tags.map((tag) => `image_tag:${tag}`)],
  }));
  await metrics.submitMetrics({ body: { series } });
  const title = `${repository}: ${worst.length} critical findings`;
  await events.createEvent({ body: { title, text: `${digest}\n${worst.map(({ id }) => id).join('\n')}` } });
}

async function tellSlack({ repository, tags, counts, worst }: Told): Promise<void> {
  const text = [
    `*${repository}* ${tags.join(', ')}`,
    ...Object.entries(counts).map(([severity, count]) => `${severity}: ${count}`),
    ...worst.map(({ id }) => `• ${id}`),
  ].join('\n');
  const response = await fetch(env.SLACK_WEBHOOK_URL ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });
  if (!response.ok) throw new Error(`Slack answered ${response.status}`);
}
