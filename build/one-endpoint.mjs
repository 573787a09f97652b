/**
 * Stands in for `endpointMiddleware.js` of `@smithy/core/endpoints` in the functions' bundles: a client has one endpoint, so
 * it is found with the first request and not with each. That one asks six providers, one after the other.
 *
 * @typedef {object} Config
 * @property {string} serviceId
 * @property {() => Promise<string>} region
 * @property {() => Promise<boolean>} useFipsEndpoint
 * @property {() => Promise<boolean>} useDualstackEndpoint
 * @property {boolean} isCustomEndpoint
 * @property {boolean} ignoreConfiguredEndpointUrls
 * @property {() => Promise<{ protocol: string, hostname: string, port?: number, path: string }>} endpoint
 * @property {(parameters: object) => object} endpointProvider
 *
 * @param {(serviceId: string) => Promise<string | undefined>} configured what `AWS_ENDPOINT_URL_…` says
 */
export function bindEndpointMiddleware(configured) {
  /** @type {WeakMap<Config, Promise<object>>} */
  const found = new WeakMap();

  /** @param {Config} config */
  async function find(config) {
    const [Region, UseFIPS, UseDualStack, Endpoint] = await Promise.all([
      config.region(),
      config.useFipsEndpoint(),
      config.useDualstackEndpoint(),
      config.isCustomEndpoint
        ? config.endpoint().then(urlOf)
        : config.ignoreConfiguredEndpointUrls
          ? undefined
          : configured(config.serviceId),
    ]);
    return config.endpointProvider({ Region, UseFIPS, UseDualStack, Endpoint });
  }

  /** @param {Config} config */
  function endpointOf(config) {
    const known = found.get(config) ?? find(config);
    found.set(config, known);
    known.catch(() => found.delete(config));
    return known;
  }

  /** @param {{ config: Config }} plugin */
  return ({ config }) =>
    (/** @type {(args: object) => Promise<object>} */ next, /** @type {{ endpointV2?: object }} */ context) =>
    async (/** @type {object} */ args) => {
      context.endpointV2 = await endpointOf(config);
      return next(args);
    };
}

/** @param {{ protocol: string, hostname: string, port?: number, path: string }} endpoint */
function urlOf({ protocol, hostname, port, path }) {
  return `${protocol}//${hostname}${port ? `:${port}` : ''}${path}`;
}
