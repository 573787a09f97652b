import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Environment, required } from '../config.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { AppliedPolicy } from '../policy/document.ts';
import { listPolicies, loadPolicy, savePolicy } from '../store/policy.ts';
import { type Caller, inRegion, inRole, whoAmI } from './caller.ts';

// The composition root of the policy, as people apply it.

export interface PolicyPorts {
  readonly load: () => Promise<AppliedPolicy | undefined>;
  readonly list: () => Promise<readonly AppliedPolicy[]>;
  readonly save: (policy: AppliedPolicy, before: AppliedPolicy | undefined) => Promise<boolean>;
  /** Who the caller is, before any role is taken; undefined where the credentials do not say. */
  readonly whoAmI: () => Promise<Untrusted | undefined>;
}

/** What reading and applying policies needs; the ledger is reached with the role, when there is one. */
export function policyPorts({ region, role }: Caller, env: Environment): PolicyPorts {
  const own = inRegion(region);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(inRole(own, role)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const ledger = { client, name: required(env, 'LEDGER_TABLE') };
  return {
    load: () => loadPolicy(ledger, { isConsistent: true }),
    list: () => listPolicies(ledger),
    save: (policy, before) => savePolicy(ledger, policy, before),
    whoAmI: () => whoAmI(new STSClient(own)),
  };
}
