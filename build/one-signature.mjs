/**
 * Stands in for the clients' `auth/httpAuthSchemeProvider.js` in the functions' bundles: each of their requests is for one
 * region and signed with Signature Version 4, so there is nothing to choose. Some clients also know requests that nobody
 * signs, and those for several regions.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 *
 * @param {{ region(): Promise<string> }} config
 */
export async function parametersOf({ region }) {
  return { region: await region() };
}

/** @param {string} name of the service, as it is signed */
export function schemesOf(name) {
  return (/** @type {{ region: string }} */ { region }) => [
    {
      schemeId: 'aws.auth#sigv4',
      signingProperties: { name, region },
      propertiesExtractor: (/** @type {object} */ config, /** @type {object} */ context) => ({
        signingProperties: { config, context },
      }),
    },
  ];
}

/**
 * A client makes its signer once, and not for each request: that copies all of its configuration.
 *
 * @template {{ signer(): Promise<unknown> }} T
 * @param {T} config
 * @returns {T}
 */
export function withOneSigner(config) {
  const make = config.signer;
  /** @type {Promise<unknown> | undefined} */
  let made;
  config.signer = () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  return config;
}
