import { foundIn, type Reading } from '../../doctor/reading.ts';
import { safeText } from '../../image/untrusted.ts';
import type { Instant } from '../../instant.ts';
import type { CallerFacts, Examination, LoginFacts } from '../facts.ts';
import { type Finding, findings } from '../finding.ts';
import { registryHost } from '../place.ts';
import type { Clock } from './clock.ts';

/** How the SDK and the services say that nobody knows who asks. */
const LOGGED_OUT =
  /^(CredentialsProviderError|TokenProviderError|Expired|UnrecognizedClient|Invalid(ClientTokenId|Signature)|SignatureDoesNotMatch|AuthFailure)/;

/** True when there are no credentials, or none that are taken: nothing else need be asked. */
export function isLoggedOut(caller: Reading<CallerFacts>): boolean {
  return caller.state === 'failed' && LOGGED_OUT.test(caller.name);
}

/** The command that logs docker in to a registry. */
function loginCommand(region: string, host: string): string {
  return `aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${host}`;
}

export function checkCredentials({ facts: { caller } }: Examination): readonly Finding[] {
  const on = findings('credentials');
  if (caller.state === 'found') return [on.ok(`you are ${caller.value.arn}`)];
  if (caller.state === 'failed' && isLoggedOut(caller))
    return [
      on.fault(
        `Nobody here is logged in to AWS: ${caller.name}: ${caller.message}`,
        'aws sso login, or choose a profile that is logged in with AWS_PROFILE',
      ),
    ];
  return [on.unread(caller)];
}

/** A registry that is not the caller's own is no mistake by itself; a login to the caller's own is none to it. */
export function checkRegistry(examination: Examination, { now }: Clock): readonly Finding[] {
  const { question, repository, facts } = examination;
  const on = findings('registry');
  if (!repository) return [on.unknown('the account of the registry is not known')];
  const { account, region } = repository;
  const host = registryHost(repository);
  const yours = { account: foundIn(facts.caller)?.account ?? account, region: question.ownRegion ?? region };
  if (yours.account === account && yours.region === region) return [on.ok(`it is ${host}`)];
  const says = `${host} is not your own registry, which is ${yours.account}/${yours.region}`;
  return facts.login && !isLoggedIn(foundIn(facts.login), now)
    ? [on.warning(`${says}: log in to this one.`, loginCommand(region, host))]
    : [on.ok(says)];
}

function isLoggedIn(login: LoginFacts | undefined, now: Date): boolean {
  return (
    login !== undefined && login.kind !== 'none' && !(login.kind === 'token' && isOver(login.endsAt, now))
  );
}

export function checkToken({ facts: { token } }: Examination, { say }: Clock): readonly Finding[] {
  const on = findings('token');
  if (token.state === 'found') return [on.ok(`ECR gives you a token, until ${say(token.value)}`)];
  if (token.state === 'denied')
    return [
      on.fault(
        'You may not ecr:GetAuthorizationToken: no login to any registry is possible.',
        '{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"} in a policy of yours',
      ),
    ];
  return [on.unread(token)];
}

/** What docker on this machine has; where somebody else pulls (`--role`) it was not read. */
export function checkDockerLogin(
  { question, repository, facts: { login } }: Examination,
  clock: Clock,
): readonly Finding[] {
  if (!login || !repository) return [];
  const on = findings('docker-login');
  const host = registryHost(repository);
  const fix = loginCommand(question.region, host);
  if (login.state === 'absent')
    return [
      on.warning(
        `docker has no configuration on this machine: it is not logged in to ${host}, or it is not docker that ${question.direction === 'push' ? 'pushes' : 'pulls'}.`,
        `${fix}; where ECS pulls, name its execution role with --role`,
      ),
    ];
  if (login.state !== 'found') return [on.unread(login)];
  return [loginFinding(login.value, host, fix, clock)];
}

function loginFinding(login: LoginFacts, host: string, fix: string, { now, say }: Clock): Finding {
  const on = findings('docker-login');
  if (login.kind === 'none') return on.fault(`docker is not logged in to ${host}.`, fix);
  if (login.kind === 'program')
    return on.ok(`docker asks ${safeText(login.program, 60)} for the login, which was not opened`);
  if (login.kind === 'password') return on.ok('docker has a login; when it ends cannot be read');
  if (isOver(login.endsAt, now))
    return on.fault(`docker's login to ${host} ended at ${say(login.endsAt)}.`, fix);
  return on.ok(`docker is logged in until ${say(login.endsAt)}`);
}

function isOver(endsAt: Instant, now: Date): boolean {
  return new Date(endsAt).getTime() <= now.getTime();
}
