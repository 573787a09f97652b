import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';

/** What is asked of a client's rules: neither, dual-stack, FIPS, both; in the order of `region-endpoint.mjs`. */
const WAYS = [false, true].flatMap((UseFIPS) =>
  [false, true].map((UseDualStack) => ({ UseFIPS, UseDualStack })),
);

const PARTITIONS = join(
  dirname(createRequire(import.meta.url).resolve('@aws-sdk/core/client')),
  '../../../dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
);

/**
 * @typedef {object} Partition
 * @property {string} id
 * @property {Readonly<Record<string, unknown>>} regions
 * @property {{ dnsSuffix: string, dualStackDnsSuffix: string, supportsFIPS: boolean, supportsDualStack: boolean }} outputs
 *
 * @typedef {(parameters: object) => { url: URL, properties: object }} Resolver
 */

/**
 * What stands for a client's `endpoint/endpointResolver.js`: the hosts of that service by partition, as its own rules say
 * them, without the rules, the machine that reads them and the names of all regions. Throws when the rules say more than
 * that, so that a new version of the client needs a new look at this file.
 *
 * @param {string} path
 * @param {string} runtime the file that `region-endpoint.mjs` is
 */
export async function endpointResolver(path, runtime) {
  const { resolve, partitions } = await load(path);
  const { hosts, others } = hostsOf(resolve, partitions);
  return `import { endpointsOf } from ${JSON.stringify(runtime)};
import suffixes from 'aws-suffixes';
export const defaultEndpointResolver = /* @__PURE__ */ endpointsOf(suffixes, ${JSON.stringify(hosts)}, ${JSON.stringify(others)});`;
}

/** The suffixes of each partition, by how its regions begin: the longest first, and at last the one of all others. */
export async function suffixes() {
  const { partitionsInfo } = await run(`export { partitionsInfo } from ${JSON.stringify(PARTITIONS)};`);
  /** @type {readonly Partition[]} */
  const partitions = partitionsInfo.partitions;
  return partitions.map(suffixOf).sort(([one = ''], [other = '']) => other.length - one.length);
}

/** @param {Partition} partition */
function suffixOf(partition) {
  const { dnsSuffix, dualStackDnsSuffix, supportsFIPS, supportsDualStack } = partition.outputs;
  if (!supportsFIPS || !supportsDualStack)
    throw new Error(`${partition.id} lacks endpoints: look at build/aws-endpoints.mjs`);
  return [partition.id === 'aws' ? '' : beginningOf(partition), dnsSuffix, dualStackDnsSuffix];
}

/**
 * @param {string} path
 * @returns {Promise<{ resolve: Resolver, partitions: readonly [Partition, ...Partition[]] }>}
 */
async function load(path) {
  const { defaultEndpointResolver, partitionsInfo } =
    await run(`export { defaultEndpointResolver } from ${JSON.stringify(path)};
     export { partitionsInfo } from ${JSON.stringify(PARTITIONS)};`);
  return { resolve: defaultEndpointResolver, partitions: partitionsInfo.partitions };
}

/** @param {string} contents */
async function run(contents) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: import.meta.dirname },
    ...{ bundle: true, write: false, format: 'cjs', platform: 'node', mainFields: ['module', 'main'] },
  });
  const module = { exports: /** @type {any} */ ({}) };
  new Function('module', 'require', outputFiles[0]?.text ?? '')(module, createRequire(import.meta.url));
  return module.exports;
}

/**
 * @param {Resolver} resolve
 * @param {readonly [Partition, ...Partition[]]} partitions
 */
function hostsOf(resolve, partitions) {
  const hosts = hostsIn(resolve, partitions[0], madeUp(partitions[0]));
  const others = partitions.flatMap((partition) => {
    const all = hostsIn(resolve, partition, madeUp(partition));
    const rows = regionsOf(partition).map(
      (region) => /** @type {const} */ ([region, hostsIn(resolve, partition, region)]),
    );
    const own = rows.filter(([, it]) => it.join() !== all.join());
    return all.join() === hosts.join() ? own : [...own, /** @type {const} */ ([beginningOf(partition), all])];
  });
  return { hosts, others };
}

/** @param {Partition} partition */
function regionsOf({ regions }) {
  return Object.keys(regions).filter((it) => !it.includes('global'));
}

/**
 * How the names of its regions begin: `us-gov-`.
 *
 * @param {Partition} partition
 */
function beginningOf(partition) {
  return (regionsOf(partition)[0] ?? '').replace(/[a-z]+-\d+$/, '');
}

/**
 * A region that there is not yet.
 *
 * @param {Partition} partition
 */
function madeUp(partition) {
  return `${beginningOf(partition)}new-99`;
}

/**
 * @param {Resolver} resolve
 * @param {Partition} partition
 * @param {string} region
 */
function hostsIn(resolve, { outputs }, region) {
  return WAYS.map((way) => {
    const { url, properties } = resolve({ ...way, Region: region, UseGlobalEndpoint: false });
    const rest = `.${region}.${way.UseDualStack ? outputs.dualStackDnsSuffix : outputs.dnsSuffix}`;
    if (
      url.href !== `https://${url.hostname}/` ||
      !url.hostname.endsWith(rest) ||
      Object.keys(properties).length > 0
    )
      throw new Error(`${url.href} is no host of a region: look at build/aws-endpoints.mjs`);
    return url.hostname.slice(0, -rest.length);
  });
}
