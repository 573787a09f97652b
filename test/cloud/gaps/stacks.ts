import { createStack, validateTemplateByUrl } from '../stacks.ts';
import type { Gap, Scene } from './gap.ts';

/** The status of a stack with one resource, or the message that refuses it. */
export function stackOf({ emulators }: Scene, Type: string, Properties: object = {}): Promise<string> {
  return createStack(emulators, { It: { Type, Properties } });
}

const MISSING = [
  'AWS::Events::Archive',
  'AWS::Events::ApiDestination',
  'AWS::ECR::RegistryScanningConfiguration',
  'AWS::ECR::ReplicationConfiguration',
];

export const STACK_GAPS: readonly Gap[] = [
  ['ValidateTemplate by TemplateURL', 'refused', 200, ({ emulators }) => validateTemplateByUrl(emulators)],
  ...MISSING.map(
    (type): Gap => [
      type,
      'rolled back without a reason',
      `Template format error: Unrecognized resource types: [${type}]`,
      (at) => stackOf(at, type),
    ],
  ),
  [
    'AWS::Logs::MetricFilter',
    'rolled back without a reason',
    'CREATE_COMPLETE',
    async (at) => {
      await stackOf(at, 'AWS::Logs::LogGroup', { LogGroupName: 'group' });
      const metric = { MetricName: 'm', MetricNamespace: 'n', MetricValue: '1' };
      const filter = { LogGroupName: 'group', FilterPattern: 'E', MetricTransformations: [metric] };
      return stackOf(at, 'AWS::Logs::MetricFilter', filter);
    },
  ],
  [
    'DeadLetterConfig (onError) of a function',
    'lost',
    undefined,
    async (at) => {
      await stackOf(at, 'AWS::Lambda::Function', {
        FunctionName: 'on-error',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::111122223333:role/any',
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        DeadLetterConfig: { TargetArn: 'arn:aws:sqs:eu-west-1:111122223333:any' },
      });
      return (await at.configurationOf('on-error')).DeadLetterConfig;
    },
  ],
];
