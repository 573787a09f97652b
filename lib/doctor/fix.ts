import type { Deployment } from './deployment.ts';

// Deploying again does not repair what was changed by hand: CloudFormation compares templates, not the account.
// A drift-aware change set does. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html

/** An AWS CLI command in the deployment's region. */
export function aws({ place }: Deployment, command: string): string {
  return `aws ${command}${place ? ` --region ${place.region}` : ''}`;
}

/** A word of a command that people may paste into a shell, whoever chose it. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The command that deploys the service. */
export function deploy({ stage, place }: Deployment): string {
  return `npx serverless deploy --stage ${stage}${place ? ` --region ${place.region}` : ''}`;
}

/** Brings what was changed or deleted by hand back to what the template says, `where` in it. */
export function restore(deployment: Deployment, where: string): string {
  const stack = `--stack-name scan-response-${deployment.stage} --change-set-name restore`;
  const create = `cloudformation create-change-set ${stack} --use-previous-template --capabilities CAPABILITY_IAM --deployment-mode REVERT_DRIFT`;
  return `${aws(deployment, create)}, look at it, then ${aws(deployment, `cloudformation execute-change-set ${stack}`)} (${where})`;
}
