// What the parameter memberAccounts means: whose events the rules accept, who may send to the event bus, and which
// reader roles the functions may take. Evaluated while packaging; without members only this account is left.

// A pattern may have 2,048 characters, and a member takes 90 of them.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const MOST = 15;

/** @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging */
module.exports = async function members({ resolveVariable }) {
  const [text, service, stage] = await Promise.all(
    ['param:memberAccounts', 'self:service', 'sls:stage'].map(resolveVariable),
  );
  const ids = parse(String(text ?? ''));
  const accounts = [`\${AWS::AccountId}`, ...ids];
  const images = accounts.map((id) => ({ prefix: arn(`ecr:\${AWS::Region}:${id}:repository/`) }));
  return {
    accounts: [{ Ref: 'AWS::AccountId' }, ...ids],
    // Inspector tells its delegated administrator of every account: only those that are listed here. A bare name,
    // should it ever come, belongs to the account of the event.
    repositories: [...images, { 'anything-but': { prefix: 'arn:' } }],
    images,
    readers: accounts.map((id) => arn(`iam::${id}:role/${service}-${stage}-reader`)),
    resources:
      ids.length === 0 ? {} : { Resources: { MembersMaySend: busPolicy(ids, `${service}-${stage}`) } },
  };
};

/** @param {string} text */
function parse(text) {
  const ids = text.split(',').flatMap((id) => id.trim() || []);
  const wrong = ids.find((id) => !/^\d{12}$/.test(id));
  if (wrong !== undefined) throw complaint(`"${wrong}" is not an account id of 12 digits`);
  if (ids.length > MOST)
    throw complaint(`${ids.length} accounts do not fit into an event pattern, ${MOST} do`);
  return [...new Set(ids)];
}

/** @param {string} why */
function complaint(why) {
  const message = `memberAccounts: ${why}`;
  // The packager prints the stack, once for each place that asks.
  return Object.assign(new Error(message), { stack: message });
}

/**
 * Nobody but AWS can send an event whose source begins with "aws.", also across accounts.
 *
 * @param {readonly string[]} ids
 * @param {string} name
 */
function busPolicy(ids, name) {
  return {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: {
      EventBusName: 'default',
      StatementId: `${name}-members`,
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: ids.map((id) => arn(`iam::${id}:root`)) },
        Action: 'events:PutEvents',
        Resource: arn(`events:\${AWS::Region}:\${AWS::AccountId}:event-bus/default`),
        Condition: { StringEquals: { 'events:source': ['aws.ecr', 'aws.inspector2', 'aws.ecs'] } },
      },
    },
  };
}

/** @param {string} rest */
function arn(rest) {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` };
}
