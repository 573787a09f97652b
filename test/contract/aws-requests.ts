import type { Asked } from './aws-requests/asked.ts';
import { dynamodb } from './aws-requests/dynamodb.ts';
import { ecr } from './aws-requests/ecr.ts';
import { others } from './aws-requests/others.ts';

/** Every operation that a function calls, with what it sends and is answered, and errors. */
export const COMMANDS: readonly Asked[] = [...dynamodb, ...ecr, ...others];

/** Of every partition that AWS's clients know, and one of each commercial kind that does not exist yet. */
export const REGIONS = [
  ...['us-east-1', 'eu-west-1', 'ap-southeast-5', 'il-central-1', 'mx-central-1', 'us-west-99', 'cn-north-1'],
  ...['cn-northwest-1', 'cn-north-99', 'us-gov-east-1', 'us-gov-west-1', 'us-gov-south-99', 'eusc-de-east-1'],
  ...[
    'us-iso-east-1',
    'us-iso-west-1',
    'us-isob-east-1',
    'us-isob-west-1',
    'eu-isoe-west-1',
    'us-isof-south-1',
  ],
];
