/**
 * Stands in for `user-agent-middleware.js` of `@aws-sdk/core/client` in the functions' bundles: what a client says of itself is
 * put together once, and not for each request. Left out is which of its features a request used, and the header that says
 * the same for browsers.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html
 *
 * @typedef {object} Config
 * @property {() => Promise<readonly (readonly [name: string, version?: string])[]>} defaultUserAgentProvider
 * @property {() => Promise<string | undefined>} userAgentAppId
 *
 * @param {Config} config
 */
export function getUserAgentPlugin(config) {
  /** @type {Promise<string> | undefined} */
  let said;
  const middleware =
    (/** @type {(args: object) => Promise<object>} */ next) =>
    async (/** @type {{ request: { headers: Record<string, string> } }} */ args) => {
      said ??= userAgentOf(config);
      args.request.headers['user-agent'] = await said;
      return next(args);
    };
  return {
    /** @param {{ add(middleware: unknown, options: object): void }} stack */
    applyToStack: (stack) =>
      stack.add(middleware, {
        name: 'getUserAgentMiddleware',
        step: 'build',
        priority: 'low',
        override: true,
      }),
  };
}

/** @param {Config} config */
async function userAgentOf(config) {
  const [own, app] = await Promise.all([config.defaultUserAgentProvider(), config.userAgentAppId()]);
  const sections = app ? [...own, /** @type {const} */ ([`app/${app}`])] : own;
  return sections.map(section).join(' ');
}

/**
 * `aws-sdk-js/3.0.0`, `lang/js`, `api/sqs#3.0.0`: a version follows a slash, or a hash where there is one before it.
 *
 * @param {readonly [name: string, version?: string]} pair
 */
function section([name, version]) {
  const [kind = '', ...rest] = name.split('/');
  const word = kind === 'api' ? rest.join('/').toLowerCase() : rest.join('/');
  const parts = [kind, word].filter(Boolean).map((it) => it.replace(/[^!$%&'*+\-.^_`|~\w]/g, '-'));
  if (version) parts.push(version.replace(/[^!$%&'*+\-.^_`|~\w#]/g, '-'));
  const [first = '', second, third] = parts;
  return first + (second ? `/${second}` : '') + (third ? `#${third}` : '');
}
