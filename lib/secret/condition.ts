import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { SecretFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';

/** What kind of parameter a secret is and whether it holds anything. The value itself ends here. */
export function readSecret(ssm: SSMClient, name: string): Promise<Reading<SecretFacts>> {
  return reading('ssm:GetParameter', async () => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return { type: Parameter?.Type ?? 'String', isEmpty: !Parameter?.Value?.trim() };
  });
}
