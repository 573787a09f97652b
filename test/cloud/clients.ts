import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Emulators } from './emulators.ts';

/** Real clients of the emulated account. */
export interface Clients {
  readonly ecr: ECRClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly configurationOf: (FunctionName: string) => Promise<FunctionConfiguration>;
  /** Calls SQS with a key that nobody has. */
  readonly asNobody: <T>(call: (sqs: SQSClient) => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

export function openClients({ client }: Emulators): Clients {
  const ecr = new ECRClient(client);
  const events = new EventBridgeClient(client);
  const lambda = new LambdaClient(client);
  const sqs = new SQSClient(client);
  const ssm = new SSMClient(client);
  const credentials = { accessKeyId: 'AKIANOBODYATALL00000', secretAccessKey: 'none' };
  const nobody = new SQSClient({ ...client, credentials });
  return {
    ...{ ecr, events, lambda, sqs, ssm },
    configurationOf: (FunctionName) => lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    asNobody: (call) => call(nobody),
    close() {
      for (const it of [ecr, events, lambda, sqs, ssm, nobody]) it.destroy();
    },
  };
}
