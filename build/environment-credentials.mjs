import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the functions' bundles: Lambda always puts the role's
 * credentials into the environment, so the chain through profiles, SSO, processes and metadata is dead weight.
 * They are read once, as the chain does: a process keeps those that it began with, and each variable is a call to the system.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (AWS_ACCESS_KEY_ID …)
 */
export function defaultProvider() {
  const read = fromEnv();
  /** @type {ReturnType<typeof read> | undefined} */
  let known;
  return () => {
    known ??= read().catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
