import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolver } from '../../local/intrinsic.ts';
import { type PackagedService, packageService } from '../../local/package.ts';
import { cfnGuard, judge, ruleFiles } from './guard.ts';
import { answer, type PolicyStatement } from './policy.ts';
import { ofType, packagedResources, type Resources } from './template.ts';

const ACCOUNT = '123456789012';
const usual = packagedResources();
let packaged: PackagedService;
let template: { readonly Resources: Resources; readonly Outputs: Readonly<Record<string, unknown>> };

beforeAll(async () => {
  packaged = await packageService({ root: process.cwd(), reuse: true, params: { chatTopic: 'true' } });
  template = packaged.template as typeof template;
});
afterAll(() => packaged?.dispose());

const variablesOf = (resources: Resources, id: string) =>
  resources[`${id}LambdaFunction`]?.Properties.Environment.Variables;

/** Resources as they are compared: the packager names each package after the moment. */
function comparable(resources: Resources): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(resources, (key, value) => (key === 'S3Key' ? undefined : value)));
}

test('without the parameter there is no such topic, and the variables are empty', () => {
  expect(Object.keys(usual).filter((id) => id.includes('Chat'))).toEqual([]);
  expect(variablesOf(usual, 'ScanDashcompleted').SCAN_RESPONSE_CHAT_TOPIC).toBe('');
  expect(variablesOf(usual, 'DeliverDashsns').SCAN_RESPONSE_CHAT_TOPIC_ARN).toBe('');
});

describe('with it', () => {
  test('that topic is all that is more: no queue, no function, no role, no alarm', () => {
    const { ChatTopic, ChatTopicPolicy, PublishToChat, ...others } = comparable(template.Resources);
    expect([ChatTopic, ChatTopicPolicy, PublishToChat].every(Boolean)).toBe(true);
    const before = structuredClone(comparable(usual)) as unknown as Resources;
    variablesOf(before, 'ScanDashcompleted').SCAN_RESPONSE_CHAT_TOPIC = 'true';
    variablesOf(before, 'DeliverDashsns').SCAN_RESPONSE_CHAT_TOPIC_ARN = { Ref: 'ChatTopic' };
    expect(others).toEqual(before);
    expect(template.Outputs.ChatTopicArn).toEqual({ Value: { Ref: 'ChatTopic' } });
  });

  test('only deliver-sns may publish, and only with TLS', () => {
    const place = { account: ACCOUNT, region: 'us-east-1', queueUrl: (name: string) => name };
    const resolve = resolver(template.Resources, place);
    const statements = resolve(
      template.Resources.ChatTopicPolicy?.Properties.PolicyDocument.Statement,
    ) as PolicyStatement[];
    const resource = String(resolve({ Ref: 'ChatTopic' }));
    const ask = (principal: string, tls = 'true') => {
      const context = { 'aws:PrincipalArn': principal, 'aws:SecureTransport': tls };
      const everything = { Effect: 'Allow', Action: '*', Resource: '*' } as const;
      return answer({ action: 'sns:Publish', resource, principal, context }, statements, [everything]);
    };
    const roles = ofType(template.Resources, 'AWS::IAM::Role').map(([id]) => id);
    const arnOf = (id: string) => String(resolve({ 'Fn::GetAtt': [id, 'Arn'] }));
    expect(roles.filter((id) => ask(arnOf(id)).allowed)).toEqual(['DeliverSnsRole']);
    expect(ask(`arn:aws:iam::${ACCOUNT}:role/Administrator`)).toEqual({
      allowed: false,
      by: 'NobodyElseMayPublish',
    });
    expect(ask(arnOf('DeliverSnsRole'), 'false')).toEqual({ allowed: false, by: 'TlsOnly' });
  });

  test('and of all topics beside it only the one of notices; what waits for people goes back into its queue', () => {
    const { PublishToChat, DeliverSnsRole } = template.Resources;
    const { Statement } = PublishToChat?.Properties.PolicyDocument ?? {};
    expect(PublishToChat?.Properties.Roles).toEqual([{ Ref: 'DeliverSnsRole' }]);
    expect(Statement).toEqual([
      { Sid: 'PublishToChat', Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: 'ChatTopic' } },
      {
        ...{ Sid: 'PutBackWhatWaitsForPeople', Effect: 'Allow', Action: 'sqs:SendMessage' },
        Resource: { 'Fn::GetAtt': ['SnsQueue', 'Arn'] },
      },
    ]);
    expect(JSON.stringify(DeliverSnsRole)).not.toContain('ChatTopic');
  });

  test.skipIf(!cfnGuard)(
    'it keeps every rule of the template, and without its policy it would not',
    async () => {
      const { ChatTopicPolicy: _, ...unpoliced } = template.Resources;
      const open = structuredClone(template.Resources) as Record<
        string,
        { Properties: Record<string, unknown> }
      >;
      delete open.ChatTopic?.Properties.KmsMasterKeyId;
      const refused: string[][] = [[], [], []];
      for (const rules of ruleFiles.values()) {
        const templates = [template.Resources, unpoliced, open].map((Resources) => ({ Resources }));
        for (const [index, verdict] of (await judge(rules, templates)).entries())
          refused[index]?.push(...verdict.failed);
      }
      expect(refused).toEqual([[], ['topic_has_a_policy'], ['topic_is_encrypted']]);
    },
  );
});
