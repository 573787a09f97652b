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

function named({
  type,
  arn,
  userName,
  accountId,
  invokedBy,
}: v.InferOutput<typeof UserIdentity>): string | undefined {
  if (type === 'Root') return 'root';
  const [kind, name] = arn.split(':').slice(5).join(':').split('/');
  if (kind === 'assumed-role' && name) return `role/${name}`;
  if (type === 'IAMUser' && userName) return `user/${userName}`;
  // Federated users and identities of the web are named after whoever logged in.
  if (kind === 'federated-user') return 'federated-user';
  if (invokedBy) return `service/${invokedBy}`;
  return accountId ? `account/${accountId}` : undefined;
}
