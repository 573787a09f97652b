import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { actorOfCaller } from '../image/actor.ts';
import type { Untrusted } from '../image/untrusted.ts';
import { credentialsOf } from '../registry/member.ts';

/** Who asks, and where. */
export interface Caller {
  readonly region?: string | undefined;
  /** The role to take first, by ARN. */
  readonly role?: string | undefined;
}

/** A person or a build waits for the answer. */
const CALM = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** What a command's clients take; without a region, the caller's own. */
export function inRegion(region: string | undefined, patience = CALM) {
  return { ...patience, ...(region !== undefined && { region }) };
}

/** The same with the credentials of a role; without one, the caller's own. */
export function inRole(own: ReturnType<typeof inRegion>, role: string | undefined) {
  return role === undefined ? own : { ...own, credentials: credentialsOf(new STSClient(own), role) };
}

/** Who asks, as people know them; undefined where the credentials do not say. Throws the SDK's error. */
export async function whoAmI(sts: STSClient): Promise<Untrusted | undefined> {
  const { Arn = '', Account } = await sts.send(new GetCallerIdentityCommand({}));
  return actorOfCaller(Arn, Account);
}
