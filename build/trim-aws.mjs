import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** Clients of JSON protocols: an error that they do not know keeps the name that the answer gives it. */
const SCHEMAS =
  /[\\/]@aws-sdk[\\/]client-(dynamodb|ecr|eventbridge|sqs|ssm)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const REGISTRATION = /^(\w+)\.registerError\((\w+)\$, \w+\);$/gm;
const PACKAGE = /[\\/]@aws-sdk[\\/]client-[a-z-]+[\\/]package\.json$/;

/** What no request of ours needs, and what stands for it. */
const UNUSED = new Map([
  // Each request is for one region: the signer for several has no work. The clients ask which kind of it there is.
  [
    'SignatureV4MultiRegion.js',
    `import { SignatureV4 } from '@smithy/signature-v4';
     export class SignatureV4MultiRegion extends SignatureV4 {
       static sigv4aDependency() { return 'none'; }
     }`,
  ],
  // For a Node that was built without its own.
  ['Sha256Js.js', hashOf('Sha256Js')],
  ['Md5Js.js', hashOf('Md5Js')],
]);
const REPLACED = /[\\/](SignatureV4MultiRegion|checksum[\\/]\w+[\\/](Sha256Js|Md5Js))\.js$/;

/** @param {string} name */
function hashOf(name) {
  return `export class ${name} {
    constructor() { throw new Error('this bundle was built for a Node with node:crypto (build/trim-aws.mjs)'); }
  }`;
}

/**
 * An esbuild plugin for the functions that leaves out of AWS's clients what their code holds on to and nobody asks for: the
 * class of every error of the service, where one with the same name, message and status does (of SSM's client that is
 * five sixths), and all of `package.json` but the version, which the clients put into `User-Agent`.
 * The build fails when a client is not built as we know it.
 *
 * @returns {import('esbuild').Plugin}
 */
export function trimAws() {
  return {
    name: 'trim-aws',
    setup(build) {
      build.onLoad({ filter: SCHEMAS }, async ({ path }) => ({
        contents: withoutErrors(await readFile(path, 'utf8'), path),
      }));
      build.onLoad({ filter: REPLACED }, ({ path }) => ({ contents: UNUSED.get(basename(path)) ?? '' }));
      build.onLoad({ filter: PACKAGE }, async ({ path }) => {
        const { version } = JSON.parse(await readFile(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  };
}

/**
 * Keeps the registration of the service's base error, of which the others are then made.
 *
 * @param {string} source
 * @param {string} path
 */
function withoutErrors(source, path) {
  let kept = 0;
  const trimmed = source.replace(REGISTRATION, (line, _registry, name) => {
    if (!name.endsWith('ServiceException')) return '';
    kept += 1;
    return line;
  });
  if (kept !== 1) throw new Error(`${path} does not register one base error: look at build/trim-aws.mjs`);
  return trimmed;
}
