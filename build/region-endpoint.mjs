/**
 * Stands in for the rules of endpoints in the functions' bundles: where a service is in a region. What it is given is read
 * from AWS's own rules when the bundle is built (aws-endpoints.mjs).
 * Source: https://docs.aws.amazon.com/general/latest/gr/rande.html
 *
 * @param {readonly (readonly [start: string, plain: string, dualStack: string])[]} suffixes by how the region begins
 * @param {readonly string[]} hosts of the service: plain, dual-stack, FIPS, FIPS and dual-stack
 * @param {readonly (readonly [start: string, hosts: readonly string[]])[]} others regions where it has other ones
 */
export function endpointsOf(suffixes, hosts, others) {
  /** @param {{ Region: string, Endpoint?: string, UseFIPS?: boolean, UseDualStack?: boolean }} parameters */
  return ({ Region, Endpoint, UseFIPS = false, UseDualStack = false }) => {
    if (Endpoint && (UseFIPS || UseDualStack))
      throw new Error('Invalid Configuration: FIPS or dual-stack and a custom endpoint are not supported');
    const is = (/** @type {readonly [string, ...unknown[]]} */ [start]) => Region.startsWith(start);
    const [, plain, dualStack] = suffixes.find(is) ?? [];
    const host = (others.find(is)?.[1] ?? hosts)[Number(UseFIPS) * 2 + Number(UseDualStack)];
    const url = new URL(Endpoint || `https://${host}.${Region}.${UseDualStack ? dualStack : plain}`);
    return { url, headers: {}, properties: {} };
  };
}
