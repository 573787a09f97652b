import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endpointResolver, suffixes } from './aws-endpoints.mjs';
import { withAnyCommand, withInheritedConfig, withKeptStacks } from './aws-requests.mjs';
import { withOneClassOfErrors, withoutErrors, withPlainKeys } from './aws-schemas.mjs';
import { STAND_INS } from './aws-stand-ins.mjs';
import { withEmptyMethods, withoutMethods } from './without-methods.mjs';

/**
 * Of the query protocol, where an error's class has another name than the answer: `NotFoundException` and `NotFound`. We know
 * the class's. So has STS, and none of those that it answers to AssumeRole without a policy.
 */
const NAMED_BY_CLASS = /[\\/]client-sns[\\/]/;

/** Methods of classes in use that no request of ours needs. */
const UNUSED = new Map([
  ['SignatureV4.js', ['presign', 'signEvent', 'signMessage']],
  ['ProtocolLib.js', ['resolveRestContentType']],
  ['JsonShapeSerializer2.js', ['writeDiscriminatedDocument']],
  [
    'Logger.js',
    [
      ...['addContext', 'addPersistentLogAttributes', 'appendKeys', 'appendPersistentKeys'],
      ...['bufferLogItem', 'clearBuffer', 'createChild', 'createLogger', 'critical', 'flushBuffer'],
      ...['getCorrelationId', 'getLogEvent', 'getPersistentLogAttributes', 'injectLambdaContext'],
      ...['injectLambdaContextAfterOrOnError', 'logEventIfEnabled', 'refreshSampleRateCalculation'],
      ...['removeKeys', 'removePersistentKeys', 'removePersistentLogAttributes', 'resetKeys'],
      ...['setCorrelationId', 'setPersistentLogAttributes', 'shouldLogEvent', 'trace'],
    ],
  ],
  [
    'HttpProtocol.js',
    [
      ...['serializeEventStream', 'deserializeEventStream', 'loadEventStreamCapability', 'resolveError'],
      ...['getEventStreamMarshaller', 'resolveEventStreamMarshaller', 'deserializeHttpMessage'],
    ],
  ],
]);

/** Methods that look for what no operation of ours has, with each request: prefixes of hosts, streams of events. */
const EMPTY = new Map([
  ['HttpProtocol.js', ['setHostPrefix']],
  ['Logger.js', ['#setLogBuffering']],
  ['NormalizedSchema.js', ['getEventStreamMember']],
]);

/**
 * What is done to which file of a client, or of what the clients share.
 *
 * @type {readonly (readonly [string, (source: string, path: string) => string | Promise<string>])[]}
 */
const CHANGES = [
  [
    String.raw`client-[a-z-]+/package\.json`,
    (source) => JSON.stringify({ version: JSON.parse(source).version }),
  ],
  [String.raw`client-[a-z-]+/dist-es/schemas/schemas_0\.js`, trimSchemas],
  [String.raw`smithy-client/client\.js`, withKeptStacks],
  [String.raw`schema(Des|S)erializationMiddleware\.js`, withInheritedConfig],
  [String.raw`lib-dynamodb/dist-es/commands/\w+Command\.js`, withAnyCommand],
  [String.raw`client-sns/dist-es/models/errors\.js`, withOneClassOfErrors],
  [String.raw`client-[a-z-]+/dist-es/auth/httpAuthSchemeProvider\.js`, withOneSignature],
  [
    String.raw`client-[a-z-]+/dist-es/endpoint/endpointResolver\.js`,
    (_, path) => endpointResolver(path, ours('region-endpoint.mjs')),
  ],
  [`(${[...new Set([...UNUSED.keys(), ...EMPTY.keys()])].join('|')})`, trimMethods],
  ...STAND_INS.map(([file, text]) => /** @type {const} */ ([file, () => text])),
];

/**
 * An esbuild plugin for the functions that leaves out of AWS's clients what their code holds on to and no request of ours
 * needs: the schemas of other operations, the class of every error, the rules of endpoints where a table does, files of
 * configuration, and what is asked again with each request although it cannot change. The build fails when a client is not
 * built as we know it, and when one of the files is nowhere. Why, and what each step gave: docs/decisions/0006-cold-starts.md
 *
 * @returns {import('esbuild').Plugin}
 */
export function trimAws() {
  return {
    name: 'trim-aws',
    setup({ onStart, onLoad, onResolve, onEnd }) {
      const waiting = new Set(CHANGES.map(([file]) => file));
      onStart(() => {
        for (const [file] of CHANGES) waiting.add(file);
      });
      for (const [file, change] of CHANGES) {
        const filter = new RegExp(
          `[\\\\/]@(aws-sdk|aws-lambda-powertools|smithy)[\\\\/](.*[\\\\/])?${file.replaceAll('/', '[\\\\/]')}$`,
        );
        onLoad({ filter }, async ({ path }) => {
          waiting.delete(file);
          const contents = await change(await readFile(path, 'utf8'), path);
          return { contents, loader: path.endsWith('.json') ? 'json' : 'js' };
        });
      }
      onEnd(() => ({
        errors: [...waiting].map((file) => ({ text: `no file is ${file}: look at build/trim-aws.mjs` })),
      }));
      onResolve({ filter: /^aws-suffixes$/ }, ({ path }) => ({ path, namespace: 'aws-suffixes' }));
      onLoad({ filter: /.*/, namespace: 'aws-suffixes' }, async () => ({
        contents: JSON.stringify(await suffixes()),
        loader: 'json',
      }));
    },
  };
}

/** @param {string} file beside this one */
function ours(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

/**
 * @param {string} source
 * @param {string} path
 */
function trimSchemas(source, path) {
  const plain = withPlainKeys(source, path);
  return NAMED_BY_CLASS.test(path) ? plain : withoutErrors(plain, path);
}

/**
 * @param {string} source
 * @param {string} path
 */
function trimMethods(source, path) {
  const file = basename(path);
  return withEmptyMethods(withoutMethods(source, UNUSED.get(file) ?? []), EMPTY.get(file) ?? []);
}

/**
 * @param {string} source
 * @param {string} path
 */
function withOneSignature(source, path) {
  const [, client] = /export const default(\w+)HttpAuthSchemeProvider = /.exec(source) ?? [];
  const [, name] =
    /schemeId: "aws\.auth#sigv4",\s+signingProperties: \{\s+name: "([a-z]+)"/.exec(source) ?? [];
  if (!client || !name) throw new Error(`${path} does not sign as we know it: look at build/trim-aws.mjs`);
  return `import { resolveAwsSdkSigV4Config } from '@aws-sdk/core/httpAuthSchemes';
import { parametersOf, schemesOf, withOneSigner } from ${JSON.stringify(ours('one-signature.mjs'))};
export const default${client}HttpAuthSchemeParametersProvider = parametersOf;
export const default${client}HttpAuthSchemeProvider = /* @__PURE__ */ schemesOf(${JSON.stringify(name)});
export const resolveHttpAuthSchemeConfig = (config) => withOneSigner(resolveAwsSdkSigV4Config(config));`;
}
