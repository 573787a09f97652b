// What the parameter chatTopic means: whether there is a topic for Amazon Q Developer in chat applications (docs/sns.md),
// and the rights to publish to it and to let what is for it wait. Evaluated while packaging; without it nothing of this is in the stack.

/** @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging */
module.exports = async function chat({ resolveVariable }) {
  const [wish, service, stage] = await Promise.all(
    ['param:chatTopic', 'self:service', 'sls:stage'].map(resolveVariable),
  );
  const text = String(wish ?? '').trim();
  if (!['', 'true', 'false'].includes(text)) {
    const message = `chatTopic must be "true", or "false" or empty for none, not ${JSON.stringify(text)}`;
    // The packager prints the stack, once for each place that asks.
    throw Object.assign(new Error(message), { stack: message });
  }
  if (text !== 'true') return { isOn: '', topic: '', resources: {} };
  return { isOn: 'true', topic: TOPIC, resources: resourcesOf(`${service}-${stage}-chat`) };
};

const TOPIC = { Ref: 'ChatTopic' };
const DELIVERER = { 'Fn::GetAtt': ['DeliverSnsRole', 'Arn'] };

/**
 * As the topic of notices. SNS decrypts for every subscriber, so the key of alias/aws/sns will do for the service too: it
 * is publishers of other services that this key leaves out, and none may publish here.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 *
 * @param {string} name
 */
function resourcesOf(name) {
  return {
    Resources: {
      ChatTopic: {
        Type: 'AWS::SNS::Topic',
        Properties: { TopicName: name, KmsMasterKeyId: 'alias/aws/sns' },
      },
      ChatTopicPolicy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: {
          Topics: [TOPIC],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              about('DelivererMayPublish', 'Allow', { AWS: DELIVERER }),
              about('NobodyElseMayPublish', 'Deny', '*', { ArnNotEquals: { 'aws:PrincipalArn': DELIVERER } }),
              about('TlsOnly', 'Deny', '*', { Bool: { 'aws:SecureTransport': 'false' } }),
            ],
          },
        },
      },
      PublishToChat: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'publish-to-chat',
          Roles: [{ Ref: 'DeliverSnsRole' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Sid: 'PublishToChat', Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC },
              {
                Sid: 'PutBackWhatWaitsForPeople',
                Effect: 'Allow',
                Action: 'sqs:SendMessage',
                Resource: { 'Fn::GetAtt': ['SnsQueue', 'Arn'] },
              },
            ],
          },
        },
      },
    },
    Outputs: { ChatTopicArn: { Value: TOPIC } },
  };
}

/**
 * A statement about publishing.
 *
 * @param {string} Sid
 * @param {'Allow' | 'Deny'} Effect
 * @param {unknown} Principal
 * @param {object} [Condition]
 */
function about(Sid, Effect, Principal, Condition) {
  return { Sid, Effect, Principal, Action: 'sns:Publish', Resource: TOPIC, ...(Condition && { Condition }) };
}
