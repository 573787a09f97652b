import { foundIn } from '../../doctor/reading.ts';
import type { Repository } from '../../image/reference.ts';
import type { Examination, Facts } from '../facts.ts';
import { type Finding, findings } from '../finding.ts';
import { near } from '../near.ts';

/** The repository is there; when it is not, where it may be. */
export function checkRepository({ question, repository, facts }: Examination): readonly Finding[] {
  const on = findings('repository');
  if (!repository) return [on.unknown('the account of the registry is not known')];
  const { account, region, name } = repository;
  if (facts.repository.state === 'found') return [on.ok(`${name} is there, in ${account}/${region}`)];
  if (facts.repository.state !== 'absent') return [on.unread(facts.repository)];
  const maker = makerOf(name, foundIn(facts.makers) ?? []);
  if (maker === undefined) return [missing(repository, facts)];
  const makes =
    question.direction === 'push'
      ? `the creation template ${maker} creates it on push`
      : `the pull-through cache rule ${maker} fetches it when it is pulled, if its upstream has it`;
  return [on.ok(`${name} is not there yet: ${makes}`)];
}

function missing(repository: Repository, facts: Facts): Finding {
  const { account, region, name } = repository;
  const create = `aws ecr create-repository --repository-name ${name} --region ${region} --image-scanning-configuration scanOnPush=true`;
  const meant = near(name, foundIn(facts.names) ?? []);
  const elsewhere = elsewhereThan(repository, facts);
  const [first] = elsewhere;
  return findings('repository').fault(
    [
      `There is no repository ${name} in ${account}/${region}.`,
      ...(meant.length > 0 ? [`There is ${meant.join(', ')}.`] : []),
      ...(elsewhere.length > 0 ? [`The lineage knows it in ${elsewhere.map(placed).join(', ')}.`] : []),
    ].join(' '),
    first ? `name the registry: --account ${first.account} --region ${first.region}; or ${create}` : create,
  );
}

function elsewhereThan({ account, region }: Repository, { past }: Facts): readonly Repository[] {
  return (foundIn(past)?.elsewhere ?? []).filter((it) => it.account !== account || it.region !== region);
}

function placed({ account, region }: Repository): string {
  return `${account}/${region}`;
}

/**
 * The prefix that a name has, the longest first; `ROOT` is every name's.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export function makerOf(name: string, prefixes: readonly string[]): string | undefined {
  const longest = [...prefixes].sort((a, b) => b.length - a.length);
  return longest.find((it) => name.startsWith(`${it}/`)) ?? longest.find((it) => it === 'ROOT');
}
