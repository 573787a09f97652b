import { readdirSync, readFileSync } from 'node:fs';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Emulators } from './emulators.ts';

/** What an account still has of a stack, by name. */
export async function leftOf({ client }: Emulators, stackName: string) {
  const lambda = new LambdaClient(client);
  const [stacks, functions, mappings, queues, topics, rules, tables] = await Promise.all([
    new CloudFormationClient(client).send(new ListStacksCommand({})),
    lambda.send(new ListFunctionsCommand({})),
    lambda.send(new ListEventSourceMappingsCommand({})),
    new SQSClient(client).send(new ListQueuesCommand({})),
    new SNSClient(client).send(new ListTopicsCommand({})),
    new EventBridgeClient(client).send(new ListRulesCommand({})),
    new DynamoDBClient(client).send(new ListTablesCommand({})),
  ]);
  const ours = (names: readonly (string | undefined)[] = []) =>
    names.filter((name) => name?.includes(stackName)).sort();
  const standing = stacks.StackSummaries?.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  return {
    stacks: ours(standing?.map(({ StackName }) => StackName)),
    functions: ours(functions.Functions?.map(({ FunctionName }) => FunctionName)),
    mappings: ours(mappings.EventSourceMappings?.map(({ FunctionArn }) => FunctionArn)),
    queues: ours(queues.QueueUrls),
    topics: ours(topics.Topics?.map(({ TopicArn }) => TopicArn)),
    rules: ours(rules.Rules?.map(({ Name }) => Name)),
    tables: ours(tables.TableNames),
  };
}

/** Ids of the processes that have a folder in their environment or command, where /proc tells (Linux). */
export function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) =>
      [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`].some((file) => read(file).includes(folder)),
    );
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
