import type { ECRClient } from '@aws-sdk/client-ecr';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';

/** Credentials that end, as the SDK's clients take them. */
interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration?: Date;
}

/**
 * Credentials of a role in another account, for a client that asks on its first call and again shortly before they
 * end. A repository policy would do for ECR, but enhanced findings are Inspector's, which answers only inside of
 * the account: https://github.com/aws/containers-roadmap/issues/2541. Throws the SDK's error.
 */
export function credentialsOf(sts: STSClient, roleArn: string): () => Promise<TemporaryCredentials> {
  return async () => {
    const { Credentials: it } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'scan-response' }),
    );
    return {
      accessKeyId: it?.AccessKeyId ?? '',
      secretAccessKey: it?.SecretAccessKey ?? '',
      sessionToken: it?.SessionToken ?? '',
      ...(it?.Expiration && { expiration: it.Expiration }),
    };
  };
}

/** Which client reads the registry of an account: one of its own for each member, `own` for everybody else. */
export function clientByAccount(
  own: ECRClient,
  members: ReadonlySet<string>,
  connect: (account: string) => ECRClient,
): (account: string) => ECRClient {
  const clients = new Map<string, ECRClient>();
  return (account) => {
    if (!members.has(account)) return own;
    const client = clients.get(account) ?? connect(account);
    clients.set(account, client);
    return client;
  };
}
