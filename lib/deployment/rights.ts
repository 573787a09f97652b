import {
  type EvaluationResult,
  GetRoleCommand,
  type IAMClient,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { type Reading, reading } from '../doctor/reading.ts';
import type { RightFacts, RightsFacts } from '../troubleshoot/facts.ts';

/**
 * What a user or a role may do on a resource, as IAM simulates it: its policies, its boundary and the organization's,
 * and not the resource's own. Takes the ARN of a user, a role or a session; absent when there is none such.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export function readRights(
  iam: IAMClient,
  arn: string,
  actions: readonly string[],
  resource: string,
): Promise<Reading<RightsFacts>> {
  return reading('iam:SimulatePrincipalPolicy', async () => {
    const principal = await principalOf(iam, arn);
    // A root user may do everything, and IAM simulates nothing for it.
    if (principal.endsWith(':root')) return { principal, rights: actions.map(allowed) };
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: [...actions],
        ResourceArns: [resource],
      }),
    );
    return { principal, rights: EvaluationResults.map(toRight) };
  });
}

/** A session's ARN leaves out its role's path, which is in the role's. */
async function principalOf(iam: IAMClient, arn: string): Promise<string> {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) return arn;
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
  return Role?.Arn ?? arn;
}

function allowed(action: string): RightFacts {
  return { action, isAllowed: true, missing: [] };
}

function toRight({
  EvalActionName = '',
  EvalDecision,
  OrganizationsDecisionDetail,
  PermissionsBoundaryDecisionDetail,
  MissingContextValues = [],
}: EvaluationResult): RightFacts {
  const because = whyNot({
    isDenied: EvalDecision === 'explicitDeny',
    byOrganization: OrganizationsDecisionDetail?.AllowedByOrganizations === false,
    byBoundary: PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false,
  });
  const isAllowed = EvalDecision === 'allowed';
  return {
    action: EvalActionName,
    isAllowed,
    ...(!isAllowed && because && { because }),
    missing: MissingContextValues,
  };
}

function whyNot(is: {
  readonly isDenied: boolean;
  readonly byOrganization: boolean;
  readonly byBoundary: boolean;
}): RightFacts['because'] {
  if (is.byOrganization) return 'the organization';
  if (is.byBoundary) return 'the permissions boundary';
  return is.isDenied ? 'a deny' : undefined;
}
