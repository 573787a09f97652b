import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the functions' bundles: Lambda always puts the role's
 * credentials into the environment, so the chain through profiles, SSO, processes and metadata is dead weight.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (AWS_ACCESS_KEY_ID …)
 */
export function defaultProvider() {
  return fromEnv();
}
