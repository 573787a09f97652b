import * as v from 'valibot';
import { type Untrusted, untrusted } from './untrusted.ts';

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
export const UserIdentity = v.object({
  type: v.optional(v.string(), ''),
  arn: v.optional(v.string(), ''),
  userName: v.optional(v.string()),
  accountId: v.optional(v.string()),
  invokedBy: v.optional(v.string()),
});

const LONGEST = 128;

/**
 * Who did it: `role/<name>`, `user/<name>`, `service/<name>`, `root` or `account/<id>`. No more than that: the name of
 * a session is often a person's mail address. Undefined when the event does not say.
 */
export function actorOf(identity: v.InferOutput<typeof UserIdentity> | undefined): Untrusted | undefined {
  if (!identity) return undefined;
  const name = named(identity);
  return name ? untrusted(name.slice(0, LONGEST)) : undefined;
}

const TYPES: Readonly<Record<string, string>> = { root: 'Root', user: 'IAMUser' };

/** The same for a caller as STS names one: an ARN, whose user's name stands after its path, and an account. */
export function actorOfCaller(arn: string, accountId: string | undefined): Untrusted | undefined {
  const [kind = '', ...path] = resourceIn(arn).split('/');
  return actorOf({ type: TYPES[kind] ?? '', arn, userName: path.at(-1), accountId });
}

function resourceIn(arn: string): string {
  return arn.split(':').slice(5).join(':');
}

function named({
  type,
  arn,
  userName,
  accountId,
  invokedBy,
}: v.InferOutput<typeof UserIdentity>): string | undefined {
  if (type === 'Root') return 'root';
  const [kind, name] = resourceIn(arn).split('/');
  if (kind === 'assumed-role' && name) return `role/${name}`;
  if (type === 'IAMUser' && userName) return `user/${userName}`;
  // Federated users and identities of the web are named after whoever logged in.
  if (kind === 'federated-user') return 'federated-user';
  if (invokedBy) return `service/${invokedBy}`;
  return accountId ? `account/${accountId}` : undefined;
}
