import { matchesAny, statementsOf } from '../doctor/policy.ts';

/** What a repository's policy says about somebody and an action. `maybe`: a condition decides. */
export type PolicyWord = 'allow' | 'deny' | 'maybe deny' | 'nothing';

/** The names that a policy may have for whoever an ARN is: itself, its role, its account, everybody. */
export function principalNames(arn: string): readonly string[] {
  const [, partition, , , account = '', ...rest] = arn.split(':');
  const [kind, role] = rest.join(':').split('/');
  const ofRole = kind === 'assumed-role' ? [`arn:${partition}:iam::${account}:role/${role}`] : [];
  return [arn, ...ofRole, `arn:${partition}:iam::${account}:root`, account, '*'];
}

/** The account of an ARN. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** True for a policy with parts that are not read here: what is not named in `NotPrincipal` or `NotAction`. */
export function isBeyondUs(policy: string): boolean {
  return /"Not(Principal|Action)"\s*:/.test(policy);
}

/** Reads what a policy says about one action. Conditions of an Allow are taken as met. */
export function wordOf(policy: string, names: readonly string[], action: string): PolicyWord {
  const about = statementsOf(policy).filter(
    ({ principals, actions }) => principals.some((it) => names.includes(it)) && matchesAny(actions, action),
  );
  const denials = about.filter(({ allows }) => !allows);
  if (denials.some(({ isConditional }) => !isConditional)) return 'deny';
  if (denials.length > 0) return 'maybe deny';
  return about.length > 0 ? 'allow' : 'nothing';
}

/** A policy that lets a role pull, or push, as text for `set-repository-policy`. */
export function policyFor(principal: string, actions: readonly string[]): string {
  const Statement = [{ Sid: 'LetsIn', Effect: 'Allow', Principal: { AWS: principal }, Action: actions }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
