/**
 * Stands in for `@aws-sdk/middleware-endpoint-discovery` in the functions' bundles. DynamoDB's client carries it and uses it
 * nowhere: its middleware is added by no command of that client, and discovery is off unless somebody turns it on.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};

/**
 * @template T
 * @param {T} config
 * @returns {T}
 */
export function resolveEndpointDiscoveryConfig(config) {
  return config;
}
