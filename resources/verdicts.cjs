// What the parameter verdictBus means: whether verdicts are put on an event bus, and the right to do so, on that one bus
// and for that one event. Evaluated while packaging; without a bus nobody has the right.

const NAME = /^[.\-_A-Za-z0-9]{1,256}$/;
const ARN = /^arn:[a-z-]+:events:[a-z0-9-]+:\d{12}:event-bus\/[.\-_A-Za-z0-9]{1,256}$/;

/** @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging */
module.exports = async function verdicts({ resolveVariable }) {
  const bus = String((await resolveVariable('param:verdictBus')) ?? '').trim();
  if (bus !== '' && !NAME.test(bus) && !ARN.test(bus)) {
    const message = `verdictBus must be empty, or the name or ARN of an event bus, not ${JSON.stringify(bus)}`;
    // The packager prints the stack, once for each place that asks.
    throw Object.assign(new Error(message), { stack: message });
  }
  return { bus, resources: bus === '' ? {} : { Resources: { PutVerdicts: mayPut(arnOf(bus)) } } };
};

/** @param {string} bus */
function arnOf(bus) {
  if (bus.startsWith('arn:')) return bus;
  return { 'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/${bus}` };
}

/**
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 *
 * @param {unknown} busArn
 */
function mayPut(busArn) {
  return {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'put-verdicts',
      Roles: [{ Ref: 'ScanCompletedRole' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'PutVerdicts',
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Resource: busArn,
            Condition: {
              StringEquals: { 'events:source': 'scan-response', 'events:detail-type': 'Image Verdict' },
            },
          },
        ],
      },
    },
  };
}
