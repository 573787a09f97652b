import {
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { RoleFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';

/** The inline policies of a role, and the names of what is attached to it. */
export function readRole(client: IAMClient, name: string): Promise<Reading<RoleFacts>> {
  return reading('iam:ListRolePolicies, iam:GetRolePolicy and iam:ListAttachedRolePolicies', async () => {
    const [{ PolicyNames = [] }, { AttachedPolicies = [] }] = await Promise.all([
      client.send(new ListRolePoliciesCommand({ RoleName: name })),
      client.send(new ListAttachedRolePoliciesCommand({ RoleName: name })),
    ]);
    const policies = await Promise.all(PolicyNames.map((policy) => readPolicy(client, name, policy)));
    return { policies, attached: AttachedPolicies.map(({ PolicyName = '' }) => PolicyName) };
  });
}

/** IAM returns policies URL-encoded: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
async function readPolicy(client: IAMClient, role: string, policy: string): Promise<string> {
  const { PolicyDocument = '' } = await client.send(
    new GetRolePolicyCommand({ RoleName: role, PolicyName: policy }),
  );
  return decodeURIComponent(PolicyDocument);
}
