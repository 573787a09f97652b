import { fileURLToPath } from 'node:url';

/** @param {string} file beside this one */
const ours = (file) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));

/** @param {string} name of a class that nothing makes here */
const never = (name) => `export class ${name} {
  constructor() { throw new Error('${name} is left out of this bundle: build/aws-stand-ins.mjs'); }
}`;

/**
 * Files of AWS's clients that a function in Lambda needs nothing of, or less: the end of the path, and what stands for them.
 *
 * @type {readonly (readonly [file: string, text: string])[]}
 */
export const STAND_INS = [
  // Each request is for one region: the signers for several have no work. The clients ask which kind there is.
  [
    'SignatureV4MultiRegion.js',
    `import { SignatureV4 } from '@smithy/signature-v4';
     export class SignatureV4MultiRegion extends SignatureV4 {
       static sigv4aDependency() { return 'none'; }
     }`,
  ],
  ['AwsSdkSigV4ASigner.js', 'export class AwsSdkSigV4ASigner {}'],
  [
    'resolveAwsSdkSigV4AConfig.js',
    `export const resolveAwsSdkSigV4AConfig = (config) => config;
     export const NODE_SIGV4A_CONFIG_OPTIONS = { environmentVariableSelector() {} };`,
  ],
  // For messages in a stream of events.
  ['signature-v4/dist-es/HeaderFormatter.js', 'export class HeaderFormatter {}'],
  // For a Node that was built without its own.
  ['Sha256Js.js', never('Sha256Js')],
  ['Md5Js.js', never('Md5Js')],
  // A function has an environment and no ~/.aws: what is not in the one is as it is by default.
  [
    'node-config-provider/configLoader.js',
    `import { chain } from '../property-provider/chain';
     import { memoize } from '../property-provider/memoize';
     import { fromEnv } from './fromEnv';
     import { fromStatic } from './fromStatic';
     export const loadConfig = (option, configuration = {}) =>
       memoize(chain(fromEnv(option.environmentVariableSelector, configuration), fromStatic(option.default)));`,
  ],
  // Nor has it a metadata service of EC2.
  ['getInstanceMetadataRegion.js', 'export const getInstanceMetadataRegion = async () => undefined;'],
  // It says when it is throttled by its queue; the slower strategy falls back to the standard one.
  [
    'AdaptiveRetryStrategy.js',
    `export { StandardRetryStrategy as AdaptiveRetryStrategy } from './StandardRetryStrategy';`,
  ],
  // The same functions are in schema-date-utils.js; these are for clients that were generated before 2025.
  [
    'serde/date-utils.js',
    `import {
       _parseEpochTimestamp, _parseRfc3339DateTimeWithOffset, _parseRfc7231DateTime,
     } from './schema-serde-lib/schema-date-utils';
     export const parseEpochTimestamp = _parseEpochTimestamp;
     export const parseRfc3339DateTime = _parseRfc3339DateTimeWithOffset;
     export const parseRfc3339DateTimeWithOffset = _parseRfc3339DateTimeWithOffset;
     export const parseRfc7231DateTime = _parseRfc7231DateTime;
     export const dateToUtcString = (date) => date.toUTCString();`,
  ],
  // Bytes that are a string as well, for middleware of others that expects one.
  ['JsonBytesStringAdapter.js', 'export const JsonBytesStringAdapter = Buffer;'],
  // The same by Node, and not letter by letter.
  [
    'util-hex-encoding/hex-encoding.js',
    `export const toHex = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
     export const fromHex = (text) => new Uint8Array(Buffer.from(text, 'hex'));`,
  ],
  // Numbers that are no double, of which our operations answer none.
  ['json/jsonReviver.js', 'export const jsonReviver = undefined;'],
  // What rules of endpoints can call, with the names of all regions.
  ['util-endpoints/aws.js', 'export const awsEndpointFunctions = {};'],
  [
    'getEndpointFromInstructions.js',
    'export const bindGetEndpointFromInstructions = () => undefined; export const resolveParams = undefined;',
  ],
  ['endpointMiddleware.js', `export { bindEndpointMiddleware } from ${ours('one-endpoint.mjs')};`],
  [
    'user-agent-middleware.js',
    `export { getUserAgentPlugin } from ${ours('short-user-agent.mjs')};
     export const userAgentMiddleware = undefined;
     export const getUserAgentMiddlewareOptions = undefined;`,
  ],
  // Nobody extends a client here. What is left is that its HTTP handler gets its logger.
  [
    'runtimeExtensions.js',
    `import { getHttpHandlerExtensionConfiguration } from '@smithy/core/protocols';
     export const resolveRuntimeExtensions = (config) => (getHttpHandlerExtensionConfiguration(config), config);`,
  ],
];
