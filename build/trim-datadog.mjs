import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readSerializer, trimSerializer } from './datadog-serializer.mjs';
import { reachableTypes, typesOfOperation } from './datadog-types.mjs';

/** @typedef {readonly [version: 'v1' | 'v2', api: string, operation: string]} Operation */

/**
 * What the function deliver-datadog calls. Another call needs a line here, or the client answers "unknown type".
 *
 * @type {readonly Operation[]}
 */
export const SENT = [
  ['v2', 'MetricsApi', 'submitMetrics'],
  ['v1', 'EventsApi', 'createEvent'],
];

/**
 * What the command `datadog` calls; lists apart, since the models of dashboards would be in the function as well.
 *
 * @type {readonly Operation[]}
 */
export const MANAGED = [
  ...['listMonitors', 'validateMonitor', 'createMonitor', 'updateMonitor'].map(
    (operation) => /** @type {const} */ (['v1', 'MonitorsApi', operation]),
  ),
  ...['listDashboards', 'getDashboard', 'createDashboard', 'updateDashboard'].map(
    (operation) => /** @type {const} */ (['v1', 'DashboardsApi', operation]),
  ),
];

const CLIENT = /[\\/]@datadog[\\/]datadog-api-client[\\/]/;
const PACKAGE = /^(.*[\\/]datadog-api-client-(v\d))[\\/]models[\\/](\w+)\.js$/;
const SERIALIZER = /[\\/]datadog-api-client-v\d[\\/]models[\\/]ObjectSerializer\.js$/;

/** Same behaviour from Node itself: node-fetch with its URL tables, and zlib written in JavaScript, stay out. */
const NATIVE = new Map([
  ['cross-fetch', 'exports.fetch = (...request) => globalThis.fetch(...request);'],
  [
    'pako',
    `const { deflateSync, gzipSync } = require('node:zlib');
     exports.deflate = (text) => Uint8Array.from(deflateSync(text));
     exports.gzip = (text) => Uint8Array.from(gzipSync(text));`,
  ],
]);

/**
 * An esbuild plugin that bundles only those models of the official Datadog client that `operations` use. The
 * client is CommonJS and its serializer requires every model there is (7,000 of them, 10 MB), so nothing is
 * shaken out of it: https://github.com/DataDog/datadog-api-client-typescript/issues/1272
 * What to keep is read from the client itself; the build fails when the client is not built as we know it.
 *
 * @param {readonly Operation[]} operations
 * @returns {import('esbuild').Plugin}
 */
export function trimDatadog(operations) {
  return {
    name: 'trim-datadog',
    setup(build) {
      build.initialOptions.metafile = true;
      /** @type {Map<string, ReadonlySet<string>>} */
      const kept = new Map();
      build.onStart(() => kept.clear());
      build.onResolve({ filter: /^(cross-fetch|pako)$/ }, ({ path, importer }) =>
        CLIENT.test(importer) ? { path, namespace: 'native' } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'native' }, ({ path }) => ({
        contents: NATIVE.get(path) ?? '',
      }));
      build.onLoad({ filter: SERIALIZER }, async ({ path }) => {
        const [, folder = '', version = ''] = PACKAGE.exec(path) ?? [];
        const types = await typesOf(folder, version, operations);
        kept.set(version, types);
        return { contents: trimSerializer(await readFile(path, 'utf8'), types) };
      });
      build.onEnd(({ metafile }) => ({
        errors: surplus(Object.keys(metafile?.inputs ?? {}), kept).map((text) => ({ text })),
      }));
    },
  };
}

/**
 * The types of one version of the API that the operations use, directly or not.
 *
 * @param {string} folder the client's folder of that version
 * @param {string} version
 * @param {readonly Operation[]} operations
 * @returns {Promise<ReadonlySet<string>>}
 */
export async function typesOf(folder, version, operations) {
  const maps = readSerializer(await readFile(join(folder, 'models', 'ObjectSerializer.js'), 'utf8'));
  const used = operations.filter(([itsVersion]) => itsVersion === version);
  const roots = await Promise.all(
    used.map(async ([, api, operation]) =>
      typesOfOperation(await readFile(join(folder, 'apis', `${api}.js`), 'utf8'), api, operation),
    ),
  );
  const require = createRequire(import.meta.url);
  return reachableTypes(roots.flat(), maps, (model) =>
    require(join(folder, 'models', `${model}.js`))[model].getAttributeTypeMap(),
  );
}

/**
 * What is in the bundle although it should not be.
 *
 * @param {readonly string[]} inputs
 * @param {ReadonlyMap<string, ReadonlySet<string>>} kept
 * @returns {readonly string[]}
 */
function surplus(inputs, kept) {
  const client = inputs.filter((input) => CLIENT.test(input));
  if (client.length > 0 && kept.size === 0)
    return ['the Datadog client is bundled, but no models/ObjectSerializer.js of it was found to trim'];
  const models = client.filter((input) => {
    const [, , version = '', model = ''] = PACKAGE.exec(input) ?? [];
    return model && model !== 'ObjectSerializer' && !kept.get(version)?.has(model);
  });
  return models.map((input) => `a Datadog model that no operation uses is bundled: ${input}`);
}
