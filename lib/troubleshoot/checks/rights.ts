import { word } from '../../doctor/fix.ts';
import { foundIn } from '../../doctor/reading.ts';
import { repositoryArn } from '../../image/repository-arn.ts';
import { ACTIONS, TOKEN_ACTION } from '../actions.ts';
import type { Examination, RightFacts, RightsFacts } from '../facts.ts';
import { type Finding, findings } from '../finding.ts';
import {
  accountOf,
  isBeyondUs,
  type PolicyWord,
  policyFor,
  principalNames,
  wordOf,
} from '../repository-policy.ts';

/** What the role's own policies allow; in the same account the repository's policy may allow it instead. */
export function checkRights(examination: Examination): readonly Finding[] {
  const { question, repository, facts } = examination;
  const on = findings('rights');
  if (!repository) return [on.unknown('the account of the registry is not known')];
  if (facts.rights.state === 'absent') {
    const says = `There is no such role or user: ${question.role ?? 'yours'}.`;
    return [on.fault(says, 'name one that exists: aws iam list-roles')];
  }
  if (facts.rights.state !== 'found') return [on.unread(facts.rights)];
  const { principal } = facts.rights.value;
  const missing = missingRights(examination, facts.rights.value);
  if (missing.length === 0) return [on.ok(`${principal} may ${question.direction}`)];
  const says = `${principal} may not ${missing.map(said).join(', ')}.`;
  const fix = fixOf(examination, principal, missing);
  const open = [...new Set(missing.flatMap((it) => it.missing))];
  return open.length > 0 && missing.every(({ because }) => !because)
    ? [on.warning(`${says} It depends on what IAM was not told: ${open.join(', ')}.`, fix)]
    : [on.fault(says, fix)];
}

/** What is not allowed, by neither side where one is enough. */
function missingRights(examination: Examination, { principal, rights }: RightsFacts): readonly RightFacts[] {
  const words = isAcross(examination, principal) ? {} : policyWords(examination);
  const token = foundIn(examination.facts.tokenRight)?.rights ?? [];
  return [
    ...token.filter(({ isAllowed }) => !isAllowed),
    ...rights.filter(
      ({ action, isAllowed, because }) => !isAllowed && (because || words[action] !== 'allow'),
    ),
  ];
}

/** What the repository's policy says of whoever pushes or pulls. */
export function checkPolicy(examination: Examination): readonly Finding[] {
  const { repository, facts } = examination;
  const on = findings('policy');
  if (!repository || facts.repository.state === 'absent') return [];
  if (facts.policy.state === 'denied' || facts.policy.state === 'failed') return [on.unread(facts.policy)];
  const principal = principalOf(examination);
  if (!principal) return [on.unknown('who pushes or pulls is not known')];
  const text = foundIn(facts.policy);
  if (text !== undefined && isBeyondUs(text))
    return [on.unknown('the policy has NotPrincipal or NotAction, which is not read here: look at it')];
  return [judgePolicy(examination, { name: repository.name, region: repository.region, principal, text })];
}

interface Judged {
  readonly name: string;
  readonly region: string;
  readonly principal: string;
  readonly text: string | undefined;
}

function judgePolicy(examination: Examination, { name, region, principal, text }: Judged): Finding {
  const on = findings('policy');
  const actions = ACTIONS[examination.question.direction];
  const words = policyWords(examination);
  const saying = (word: PolicyWord) => actions.filter((action) => words[action] === word);
  const isOther = isAcross(examination, principal);
  const set = `aws ecr set-repository-policy --repository-name ${name} --region ${region} --policy-text`;
  const denied = saying('deny');
  if (denied.length > 0)
    return on.fault(
      `The repository's policy denies ${principal} ${denied.join(', ')}.`,
      `take the Deny out: ${set} file://policy.json`,
    );
  const ungranted = saying('nothing');
  if (isOther && ungranted.length > 0)
    return on.fault(
      `${principal} is of another account, and the repository's policy does not let it ${ungranted.join(', ')}.`,
      `add to what stands there: ${set} ${word(policyFor(principal, actions))}`,
    );
  if (saying('maybe deny').length > 0)
    return on.warning(
      "The repository's policy has a Deny under a condition, which is not weighed here.",
      `aws ecr get-repository-policy --repository-name ${name} --region ${region}`,
    );
  if (isOther) return on.ok('the repository lets it in from the other account');
  return on.ok(
    text === undefined ? 'the repository has none, and needs none in one account' : 'it denies nothing',
  );
}

function principalOf({ question, facts }: Examination): string | undefined {
  return foundIn(facts.rights)?.principal ?? question.role ?? foundIn(facts.caller)?.arn;
}

function isAcross({ repository }: Examination, principal: string): boolean {
  return accountOf(principal) !== repository?.account;
}

function policyWords(examination: Examination): Readonly<Record<string, PolicyWord>> {
  const { question, facts } = examination;
  const principal = principalOf(examination) ?? '';
  const session = question.role === undefined ? foundIn(facts.caller)?.arn : undefined;
  const names = [...principalNames(principal), ...(session ? principalNames(session) : [])];
  const text = foundIn(facts.policy) ?? '';
  return Object.fromEntries(
    ACTIONS[question.direction].map((action) => [action, wordOf(text, names, action)]),
  );
}

function said({ action, because }: RightFacts): string {
  return because ? `${action} (taken away by ${because})` : action;
}

function fixOf({ repository }: Examination, principal: string, missing: readonly RightFacts[]): string {
  if (missing.some(({ because }) => because === 'the organization'))
    return 'a service control policy of the organization takes it away: ask whoever keeps it';
  if (missing.some(({ because }) => because)) return `take the Deny, or the boundary, of ${principal} away`;
  const onRepository = missing.filter(({ action }) => action !== TOKEN_ACTION).map(({ action }) => action);
  const statements = [
    ...(onRepository.length < missing.length
      ? [{ Effect: 'Allow', Action: TOKEN_ACTION, Resource: '*' }]
      : []),
    ...(repository && onRepository.length > 0
      ? [{ Effect: 'Allow', Action: onRepository, Resource: repositoryArn(repository) }]
      : []),
  ];
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const kind = principal.includes(':user/') ? 'user' : 'role';
  const name = principal.slice(principal.lastIndexOf('/') + 1);
  return `aws iam put-${kind}-policy --${kind}-name ${word(name)} --policy-name ecr --policy-document ${word(document)}`;
}
