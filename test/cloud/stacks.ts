import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { Emulators } from './emulators.ts';

/** Makes a stack of its own of some resources; its final status, or the message that refuses the template. */
export async function createStack({ client }: Emulators, Resources: object): Promise<string> {
  const cloudFormation = new CloudFormationClient(client);
  const StackName = `gap-${randomUUID()}`;
  try {
    await cloudFormation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: JSON.stringify({ Resources }),
        OnFailure: 'ROLLBACK',
      }),
    );
    for (;;) {
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      const status = Stacks[0]?.StackStatus ?? 'GONE';
      if (!status.endsWith('_IN_PROGRESS')) return status;
      await sleep(100);
    }
  } catch (error) {
    return (error as Error).message;
  } finally {
    cloudFormation.destroy();
  }
}

/** Puts a template into a bucket and has it validated by its URL; the HTTP status. */
export async function validateTemplateByUrl({ client, url }: Emulators): Promise<number | undefined> {
  const file = `${url}/templates/template.json`;
  await fetch(`${url}/templates`, { method: 'PUT' });
  const Resources = { Topic: { Type: 'AWS::SNS::Topic' } };
  await fetch(file, { method: 'PUT', body: JSON.stringify({ Resources }) });
  const cloudFormation = new CloudFormationClient(client);
  try {
    const { $metadata } = await cloudFormation.send(new ValidateTemplateCommand({ TemplateURL: file }));
    return $metadata.httpStatusCode;
  } finally {
    cloudFormation.destroy();
  }
}
