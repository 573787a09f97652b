import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import type { FunctionFacts, MappingFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';

/** How a function is configured; its environment holds names, no secrets. */
export function readFunction(client: LambdaClient, name: string): Promise<Reading<FunctionFacts>> {
  return reading('lambda:GetFunctionConfiguration', async () => {
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    const reason = found.LastUpdateStatusReason ?? found.StateReason;
    return {
      arn: found.FunctionArn ?? '',
      roleArn: found.Role ?? '',
      state: found.State ?? 'Active',
      lastUpdate: found.LastUpdateStatus ?? 'Successful',
      ...(reason && { reason }),
      timeoutSeconds: found.Timeout ?? 0,
      environment: found.Environment?.Variables ?? {},
    };
  });
}

/** How many copies of a function may run; absent when it shares the account's. */
export function readReservedConcurrency(client: LambdaClient, name: string): Promise<Reading<number>> {
  return reading('lambda:GetFunctionConcurrency', async () => {
    const { ReservedConcurrentExecutions } = await client.send(
      new GetFunctionConcurrencyCommand({ FunctionName: name }),
    );
    return ReservedConcurrentExecutions;
  });
}

/** What a function reads by itself. */
export function readMappings(client: LambdaClient, name: string): Promise<Reading<readonly MappingFacts[]>> {
  return reading('lambda:ListEventSourceMappings', async () => {
    const { EventSourceMappings = [] } = await client.send(
      new ListEventSourceMappingsCommand({ FunctionName: name }),
    );
    return EventSourceMappings.map(
      ({ UUID = '', EventSourceArn = '', State = '', FunctionResponseTypes }) => ({
        id: UUID,
        queueArn: EventSourceArn,
        state: State,
        reportsEachFailure: FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      }),
    );
  });
}
