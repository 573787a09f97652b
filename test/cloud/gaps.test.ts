import { setTimeout as sleep } from 'node:timers/promises';
import * as aws from '@aws-sdk/client-ecr';
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from '../flow/findings.ts';
import { type Clients, openClients } from './clients.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import { createFunction, invoke } from './function.ts';
import { imageManifest, indexManifest, putImage } from './images.ts';
import { openMailbox } from './mailbox.ts';
import { openScanner, type Scanner } from './scanner.ts';
import { createStack, validateTemplateByUrl } from './stacks.ts';

// What the emulators cannot do, or now can, measured on the versions that requirements.txt pins. A row that fails
// after an upgrade is news: docs/decisions/0001-independent-emulator.md says what hangs on it.

/** What is looked at, how ministack 1.4.21 or moto 5.2.4 did it, what is seen now. */
type Gap = readonly [what: string, then: string, now: unknown, look: () => Promise<unknown>];

const IMAGE = imageManifest('gap');
const OTHER = imageManifest('other');
const LOW = basicAnswer(basicFindings('LOW', 2));
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:';

let emulators: Emulators;
let at: Clients;
let scanner: Scanner;
let motoEcr: aws.ECRClient;
beforeAll(async () => {
  emulators = await startEmulators({ plain: true });
  at = openClients(emulators);
  scanner = openScanner(emulators);
  motoEcr = new aws.ECRClient({ ...emulators.client, endpoint: emulators.motoUrl ?? '' });
});
afterAll(async () => {
  at?.close();
  scanner?.close();
  motoEcr?.destroy();
  await emulators?.stop();
});

/** The status of a stack with one resource, or the message that refuses it. */
function stackOf(Type: string, Properties: object = {}): Promise<string> {
  return createStack(emulators, { It: { Type, Properties } });
}

/** The answer, or the name of the error. */
function orError<T>(answer: Promise<T>): Promise<T | string> {
  return answer.catch((error: Error) => error.name);
}

async function putEvent(entry: object): Promise<string> {
  const event = { DetailType: 'x', Detail: '{}', Source: 'ours', ...entry };
  const { Entries = [] } = await at.events.send(new PutEventsCommand({ Entries: [event] }));
  return Entries[0]?.ErrorCode ?? 'taken';
}

/** A rule for a source, with one target; and the mailbox of a new queue of that name. */
async function ruleOf(source: string, target: object, policy?: object) {
  const QueueName = `from-${source}`;
  const Attributes = policy && { Attributes: { Policy: JSON.stringify(policy) } };
  const { QueueUrl = '' } = await at.sqs.send(new CreateQueueCommand({ QueueName, ...Attributes }));
  const EventPattern = JSON.stringify({ source: [source] });
  await at.events.send(new PutRuleCommand({ Name: source, EventPattern }));
  const Targets = [{ Id: 'a', Arn: QUEUE + QueueName, ...target }];
  await at.events.send(new PutTargetsCommand({ Rule: source, Targets }));
  return openMailbox(at.sqs, QueueUrl);
}

/** What has come into a mailbox two seconds later. */
async function cameInto({ letters, close }: ReturnType<typeof openMailbox>) {
  await sleep(2000);
  await close();
  return letters.map(({ body }) => JSON.parse(body));
}

async function described(repositoryName: string, imageDigest: string) {
  const command = new aws.DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] });
  return (await at.ecr.send(command)).imageDetails?.[0];
}

/** Names of the findings of one page of a scan at moto, or the name of the error. */
async function readScan(repositoryName: string, imageDigest: string): Promise<unknown> {
  const imageId = { imageDigest };
  const command = new aws.DescribeImageScanFindingsCommand({ repositoryName, imageId, maxResults: 1 });
  const found = motoEcr.send(command).then(({ imageScanFindings, nextToken }) => ({
    ids: imageScanFindings?.findings?.map(({ name }) => name),
    more: nextToken !== undefined,
  }));
  return orError(found);
}

const CLOUDFORMATION: readonly Gap[] = [
  ['ValidateTemplate by TemplateURL', 'refused', 200, () => validateTemplateByUrl(emulators)],
  ...['AWS::Events::Archive', 'AWS::Events::ApiDestination', 'AWS::ECR::RegistryScanningConfiguration'].map(
    (type): Gap => [
      type,
      'rolled back without a reason',
      `Template format error: Unrecognized resource types: [${type}]`,
      () => stackOf(type),
    ],
  ),
  [
    'AWS::Logs::MetricFilter',
    'rolled back without a reason',
    'CREATE_COMPLETE',
    async () => {
      await stackOf('AWS::Logs::LogGroup', { LogGroupName: 'group' });
      const metric = { MetricName: 'm', MetricNamespace: 'n', MetricValue: '1' };
      const filter = { LogGroupName: 'group', FilterPattern: 'E', MetricTransformations: [metric] };
      return stackOf('AWS::Logs::MetricFilter', filter);
    },
  ],
  [
    'DeadLetterConfig (onError) of a function',
    'lost',
    undefined,
    async () => {
      await stackOf('AWS::Lambda::Function', {
        FunctionName: 'on-error',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::111122223333:role/any',
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        DeadLetterConfig: { TargetArn: `${QUEUE}any` },
      });
      return (await at.configurationOf('on-error')).DeadLetterConfig;
    },
  ],
];

const LAMBDA: readonly Gap[] = [
  [
    'a runtime nodejs24.x',
    'the first node of the PATH',
    expect.stringMatching(/^v(22|24|2[5-9]|[3-9]\d)\./),
    async () => {
      await createFunction(at.lambda, 'version', 'index.js', 'async () => process.version');
      return invoke(at.lambda, 'version');
    },
  ],
  [
    'a handler in a file .cjs',
    'not looked at',
    expect.objectContaining({ errorMessage: expect.stringContaining('Cannot find module') }),
    async () => {
      await createFunction(at.lambda, 'cjs', 'index.cjs', 'async () => 1');
      return invoke(at.lambda, 'cjs');
    },
  ],
  [
    'errorType of a TypeError',
    'Runtime.HandlerError',
    { errorType: 'Runtime.HandlerError', errorMessage: 'no' },
    async () => {
      await createFunction(at.lambda, 'throws', 'index.js', `async () => { throw new TypeError('no'); }`);
      const { errorType, errorMessage } = (await invoke(at.lambda, 'throws')) as Record<string, string>;
      return { errorType, errorMessage };
    },
  ],
];

const EVENTBRIDGE: readonly Gap[] = [
  [
    'PutEvents of a source aws.*',
    'taken',
    'NotAuthorizedForSourceException',
    () => putEvent({ Source: 'aws.ecr' }),
  ],
  ['PutEvents of a broken Detail', 'taken', 'taken', () => putEvent({ Detail: '{' })],
  [
    'Time of an event',
    'not looked at',
    [expect.not.objectContaining({ time: '2020-01-01T00:00:00Z' })],
    async () => {
      const mailbox = await ruleOf('timed', {});
      await putEvent({ Source: 'timed', Time: new Date('2020-01-01T00:00:00Z') });
      return cameInto(mailbox);
    },
  ],
  [
    'retries and dead letters of a target that is not there',
    'none',
    [],
    async () => {
      const DeadLetterConfig = { Arn: `${QUEUE}from-lost` };
      const mailbox = await ruleOf('lost', { Arn: `${QUEUE}gone`, DeadLetterConfig });
      await putEvent({ Source: 'lost' });
      return cameInto(mailbox);
    },
  ],
  [
    'a queue whose policy lets nobody send',
    'not looked at',
    [expect.objectContaining({ source: 'denied' })],
    async () => {
      const deny = { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
      const mailbox = await ruleOf('denied', {}, { Version: '2012-10-17', Statement: [deny] });
      await putEvent({ Source: 'denied' });
      return cameInto(mailbox);
    },
  ],
];

const ECR: readonly Gap[] = [
  [
    'ImageScanningConfiguration of a stack’s repository',
    'lost',
    { scanOnPush: true },
    async () => {
      const scan = { ImageScanningConfiguration: { ScanOnPush: true } };
      await stackOf('AWS::ECR::Repository', { RepositoryName: 'of/stack', ...scan });
      const found = await at.ecr.send(new aws.DescribeRepositoriesCommand({ repositoryNames: ['of/stack'] }));
      return found.repositories?.[0]?.imageScanningConfiguration;
    },
  ],
  [
    'PutImage into it before the first push',
    'InternalError',
    'put',
    () => orError(putImage(at.ecr, 'of/stack', IMAGE, ['v1']).then(() => 'put')),
  ],
  [
    'artifactMediaType of an image',
    'not looked at',
    IMAGE.mediaType,
    async () => (await described('of/stack', IMAGE.digest))?.artifactMediaType,
  ],
  [
    'imageSizeInBytes',
    'that of the manifest',
    IMAGE.text.length,
    async () => (await described('of/stack', IMAGE.digest))?.imageSizeInBytes,
  ],
  [
    'DescribeImages of an image that is gone',
    'not looked at',
    undefined,
    () => described('of/stack', OTHER.digest),
  ],
  [
    'the media type in a manifest, when none is given beside it',
    'ignored',
    'application/vnd.docker.distribution.manifest.v2+json',
    async () => {
      const index = indexManifest({ 'linux/amd64': IMAGE });
      const put = { repositoryName: 'of/stack', imageManifest: index.text };
      return (await at.ecr.send(new aws.PutImageCommand(put))).image?.imageManifestMediaType;
    },
  ],
  [
    'the host of a layer’s URL',
    'AWS’s',
    `https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/of/stack/blobs/${IMAGE.digest}`,
    async () => {
      const layer = { repositoryName: 'of/stack', layerDigest: IMAGE.digest };
      return (await at.ecr.send(new aws.GetDownloadUrlForLayerCommand(layer))).downloadUrl;
    },
  ],
  ...[aws.StartImageScanCommand, aws.DescribeImageScanFindingsCommand].map(
    (Command): Gap => [
      Command.name,
      'InvalidAction',
      'InvalidAction',
      () => {
        const of = { repositoryName: 'of/stack', imageId: { imageDigest: IMAGE.digest } };
        return orError(at.ecr.send(new Command(of)));
      },
    ],
  ),
  [
    'events of a push',
    'none',
    [],
    async () => {
      const mailbox = await ruleOf('aws.ecr', {});
      await putImage(at.ecr, 'of/stack', OTHER, ['v2']);
      return cameInto(mailbox);
    },
  ],
];

const OTHERS: readonly Gap[] = [
  [
    'a SecureString without decryption',
    'ENCRYPTED:…',
    expect.stringMatching(/^ENCRYPTED:/),
    async () => {
      await at.ssm.send(new PutParameterCommand({ Name: '/secret', Value: 'it', Type: 'SecureString' }));
      return (await at.ssm.send(new GetParameterCommand({ Name: '/secret' }))).Parameter?.Value;
    },
  ],
  [
    'the host of a queue’s URL',
    'localhost',
    'http://127.0.0.1',
    async () => {
      const { QueueUrl = '' } = await at.sqs.send(new CreateQueueCommand({ QueueName: 'url' }));
      return QueueUrl.replace(/:\d+\/.*/, '');
    },
  ],
  [
    'a session whose role may do nothing, unless AUTH is set',
    'may do everything',
    'answered',
    async () => {
      const QueueUrl = `${emulators.url}/111122223333/url`;
      return at.asNobody((sqs) =>
        sqs.send(new GetQueueAttributesCommand({ QueueUrl })).then(() => 'answered'),
      );
    },
  ],
];

const MOTO: readonly Gap[] = [
  [
    'a scan that was not started',
    'ScanNotFoundException',
    'ScanNotFoundException',
    async () => {
      for (const image of [IMAGE, OTHER]) await scanner.know('tagged', image);
      return readScan('tagged', IMAGE.digest);
    },
  ],
  [
    'an answer that was set for a digest, two findings, read by pages of one',
    'the made-up finding',
    { ids: ['CVE-2026-LOW-0', 'CVE-2026-LOW-1'], more: false },
    async () => {
      await scanner.answer('tagged', IMAGE, LOW);
      return readScan('tagged', IMAGE.digest);
    },
  ],
  [
    'a second scan of an image on one day',
    'not looked at',
    'LimitExceededException',
    () => orError(scanner.answer('tagged', IMAGE, basicAnswer([]))),
  ],
  [
    'the answers of two images without a tag',
    'not looked at',
    [
      { ids: ['CVE-2026-LOW-0', 'CVE-2026-LOW-1'], more: false },
      { ids: ['CVE-9999-9999'], more: false },
    ],
    async () => {
      for (const image of [IMAGE, OTHER]) await putImage(motoEcr, 'untagged', image);
      await scanner.answer('untagged', IMAGE, LOW);
      await scanner.answer('untagged', OTHER, basicAnswer([]));
      return [await readScan('untagged', OTHER.digest), await readScan('untagged', IMAGE.digest)];
    },
  ],
  ['the registry’s own API, /v2/', '404', 404, async () => (await fetch(`${emulators.motoUrl}/v2/`)).status],
];

describe.each([
  ['CloudFormation', CLOUDFORMATION],
  ['Lambda', LAMBDA],
  ['EventBridge', EVENTBRIDGE],
  ['ECR', ECR],
  ['SSM, SQS, IAM', OTHERS],
  ['moto', MOTO],
])('%s', (_, gaps) => {
  test.each(gaps)('%s (was: %s)', async (_what, _then, now, look) => {
    expect(await look()).toEqual(now);
  });
});
