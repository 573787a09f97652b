import {
  type Check,
  grants,
  list,
  ofType,
  type Resources,
  type Statement,
  same,
  testChecks,
} from './template.ts';

const queuePolicies = (resources: Resources) =>
  ofType(resources, 'AWS::SQS::QueuePolicy').map(([id, { Properties }]) => ({
    id,
    queues: (Properties.Queues as { Ref: string }[]).map(({ Ref }) => Ref),
    statements: Properties.PolicyDocument.Statement as Statement[],
  }));

const rulesAloneMaySend: Check = (resources) =>
  queuePolicies(resources).flatMap(({ id, queues, statements }) => {
    const rules = ofType(resources, 'AWS::Events::Rule')
      .filter(([, { Properties }]) => queues.includes(Properties.Targets[0].Arn['Fn::GetAtt'][0]))
      .map(([rule]) => ({ 'Fn::GetAtt': [rule, 'Arn'] }));
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    const expected = {
      ArnEquals: { 'aws:SourceArn': rules },
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    };
    if (allowed.length !== (rules.length > 0 ? 1 : 0)) return [`${id}: ${allowed.length} statements allow`];
    return allowed.every(({ Condition }) => same(Condition, expected)) ? [] : [`${id}: too many may send`];
  });

const targetsMayBeReached: Check = (resources) => {
  const policies = queuePolicies(resources);
  const targets = ofType(resources, 'AWS::Events::Rule').flatMap(([, { Properties }]) => Properties.Targets);
  return targets
    .flatMap(({ Arn, DeadLetterConfig }) => [Arn['Fn::GetAtt'][0], DeadLetterConfig.Arn['Fn::GetAtt'][0]])
    .filter((queue) => {
      const policy = policies.find(({ queues }) => queues.includes(queue));
      return !policy?.statements.some(({ Effect }) => Effect === 'Allow');
    })
    .map((queue) => `EventBridge may not send to ${queue}`);
};

const onlyTls: Check = (resources) => {
  const refuses = ({ Effect, Principal, Condition }: Statement) =>
    Effect === 'Deny' && Principal === '*' && Condition?.Bool?.['aws:SecureTransport'] === 'false';
  const queues = queuePolicies(resources).flatMap((policy) =>
    policy.statements.some(refuses) ? policy.queues : [],
  );
  const topics = ofType(resources, 'AWS::SNS::TopicPolicy').flatMap(([, { Properties }]) =>
    Properties.PolicyDocument.Statement.some(refuses)
      ? Properties.Topics.map((each: { Ref: string }) => each.Ref)
      : [],
  );
  // One policy each: a second one would replace the first.
  return ['AWS::SQS::Queue', 'AWS::SNS::Topic']
    .flatMap((type) => ofType(resources, type))
    .filter(([id]) => [...queues, ...topics].filter((each) => each === id).length !== 1)
    .map(([id]) => `${id} does not have one policy that asks for TLS`);
};

const onlyTheDelivererPublishes: Check = (resources) => {
  const deliverer = { 'Fn::GetAtt': ['DeliverSnsRole', 'Arn'] };
  const statements: Statement[] = resources.NoticesTopicPolicy?.Properties.PolicyDocument.Statement;
  const allows = statements.filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal);
  const denies = statements.filter(({ Condition }) =>
    same(Condition?.ArnNotEquals, { 'aws:PrincipalArn': deliverer }),
  );
  const publishers = grants(resources).filter(({ Action }) => list(Action).includes('sns:Publish'));
  const granted = publishers.every(({ role }) => role === 'DeliverSnsRole');
  return granted && same(allows, [{ AWS: deliverer }]) && denies.length === 1 ? [] : ['others may publish'];
};

const scansPolicy = 'ScansQueuePolicy/Properties/PolicyDocument/Statement';
const topicPolicy = 'NoticesTopicPolicy/Properties/PolicyDocument/Statement';

testChecks([
  [
    'the exact rules of this account may send, and nobody else',
    rulesAloneMaySend,
    [
      [`${scansPolicy}/0/Condition/StringEquals`],
      [`${scansPolicy}/0/Condition/ArnEquals/aws:SourceArn`, 'arn:aws:events:*'],
      ['SinkQueuesPolicy/Properties/PolicyDocument/Statement/1', { Effect: 'Allow', Principal: '*' }],
    ],
  ],
  [
    'EventBridge may send to every target and its dead letters',
    targetsMayBeReached,
    [['PushesQueuePolicy/Properties/Queues', [{ Ref: 'PushesQueue' }]], ['ScansQueuePolicy']],
  ],
  [
    'every queue and topic refuses what comes without TLS',
    onlyTls,
    [
      [`${scansPolicy}/1/Condition/Bool/aws:SecureTransport`, 'true'],
      [`${topicPolicy}/2/Effect`, 'Allow'],
      ['SinkQueuesPolicy/Properties/Queues/0', { Ref: 'SnsQueue' }],
    ],
  ],
  [
    'only deliver-sns publishes notices',
    onlyTheDelivererPublishes,
    [
      [`${topicPolicy}/0/Principal`, '*'],
      [`${topicPolicy}/1/Condition`],
      ['DeliverSlackRole/Properties/Policies/0/PolicyDocument/Statement/4/Action', 'sns:Publish'],
    ],
  ],
]);
