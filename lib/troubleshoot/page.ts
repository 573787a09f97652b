import { type Cause, DIRECTIONS, type Direction } from './cause.ts';
import { CAUSES } from './table.ts';

const HEAD = `# When a push or a pull fails

_Made from the table that \`scan-response doctor\` uses (\`lib/troubleshoot/\`) by \`npm run docs:troubleshooting\`. Do not edit._

\`\`\`sh
scan-response doctor push demo-api:v1.0.0
scan-response doctor pull 111122223333.dkr.ecr.eu-west-1.amazonaws.com/demo-api:v1.0.0 --role arn:aws:iam::111122223333:role/ecsTaskExecutionRole
docker push "$IMAGE" 2> push.log || scan-response doctor push "$IMAGE" --error - < push.log
\`\`\`

It asks with your own credentials, changes nothing, and goes through the causes below, first cause first: what would make the
next ones fail as well stands above them. Each says \`ok\`, \`warning\`, \`FAULT\` with its fix, or why it could not be checked.
With \`--error\` what the text may mean goes first. Exit codes: 0 no fault, 4 a fault, 5 nothing could be checked, 1 wrong usage.

- \`--role ARN\`: whose rights are looked at, as the execution role of an ECS task. What docker has on this machine
  (its login, its disk) is left out.
- \`--vpc ID\`: looks at the endpoints and routes of a VPC, instead of this machine. Security groups and
  network ACLs are not read: to test them, run the command inside of a task that has Node (\`aws ecs execute-command\`).
- \`--layers\`: looks whether every layer is there. Reading the manifest counts as a pull, so nothing does it unasked.
- \`--account\`, \`--region\`: another registry than yours, when the name is not a whole URI.
- \`--json\`: one document, [\`docs/schemas/doctor.schema.json\`](schemas/doctor.schema.json).

Words in capitals (\`REGION\`, \`REPO\`) stand for yours; the command fills in what it knows.

## The way of a push and of a pull

\`\`\`sh
aws ecr create-repository --repository-name REPO --region REGION --image-scanning-configuration scanOnPush=true
docker tag REPO:TAG ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:TAG
aws ecr get-login-password --region REGION | docker login --username AWS --password-stdin ACCOUNT.dkr.ecr.REGION.amazonaws.com
docker push ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:TAG
docker pull ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:TAG
\`\`\`
`;

/** docs/troubleshooting.md, the whole page. */
export function troubleshootingPage(): string {
  const parts = [HEAD, ...DIRECTIONS.map(summary), ...CAUSES.map(section), rights()];
  return `${parts.join('\n').trimEnd()}\n`;
}

function summary(direction: Direction): string {
  const rows = CAUSES.filter(({ directions }) => directions.includes(direction)).map(
    ({ id, title }, nth) => `${nth + 1}. [\`${id}\`](#${id}): ${title}`,
  );
  return [`## Why a ${direction} fails, first cause first`, '', ...rows, ''].join('\n');
}

function section({ id, title, symptoms, because, check, asks, fix, source }: Cause): string {
  const rights = asks.length > 0 ? ` Needs ${asks.map(code).join(', ')}.` : '';
  return [
    `## ${id}`,
    '',
    `**${title}.** ${because}`,
    '',
    ...symptoms.map((it) => `- ${code(it)}`),
    '',
    `**Check.** ${check ?? 'None: only the text of the error tells.'}${rights}`,
    '',
    '**Fix.**',
    '',
    '```',
    fix,
    '```',
    '',
    `[Source](${source})`,
    '',
  ].join('\n');
}

/** The policy of whoever runs all of the checks. */
function rights(): string {
  const actions = [...new Set(CAUSES.flatMap(({ asks }) => asks))].sort();
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  return [
    '## What the checks need',
    '',
    'A check whose right is missing says which, and the others go on. What a name was before needs the look-up’s own rights',
    'on the tables (`dynamodb:Query`); without a deployment it is left out.',
    '',
    '```json',
    JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2),
    '```',
    '',
  ].join('\n');
}

/** As code, whatever quotes stand in it. */
function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
