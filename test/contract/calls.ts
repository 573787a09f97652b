import { readFileSync } from 'node:fs';
import * as esbuild from 'esbuild';

/** A class of the AWS SDK that stands for one call: `GetCommand` of `@aws-sdk/lib-dynamodb`, say. */
export interface Call {
  readonly from: string;
  readonly command: string;
}

const IMPORT = /^import \{([^}]*)\} from "(@aws-sdk\/[^"]+)";$/gm;
const ANY_IMPORT = /^import [^;]*"@aws-sdk\/[^"]+";$/gm;
const INPUT = /@aws-sdk\/((?:client|lib)-[a-z0-9-]+)\/dist-es\/commands\/(\w+Command)\.js$/;

/**
 * The commands that a function's code uses, after esbuild has taken out what the function never reaches. Throws for
 * an import that does not say which names it takes, and for a paginator or waiter: they call by themselves.
 */
export async function callsOf(functionName: string): Promise<readonly Call[]> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [`functions/${functionName}.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
  });
  return callsIn(outputFiles[0]?.text ?? '');
}

/** As `callsOf`, of code that is bundled already, the SDK outside. */
export function callsIn(code: string): readonly Call[] {
  const imports = [...code.matchAll(IMPORT)];
  if (imports.length !== [...code.matchAll(ANY_IMPORT)].length) {
    throw new Error('An import of the AWS SDK does not name what it takes: its calls cannot be known.');
  }
  const body = code.replace(ANY_IMPORT, '');
  const used = imports.flatMap(([, names = '', from = '']) =>
    names
      .split(',')
      .map((name) => name.trim().split(' as '))
      .filter(([name = '', alias = name]) => new RegExp(`\\b${alias}\\b`).test(body))
      .map(([command = '']) => ({ from, command })),
  );
  const indirect = used.find(({ command }) => /^(paginate|waitUntil|waitFor)/.test(command));
  if (indirect) throw new Error(`${indirect.command} calls by itself: teach this file what.`);
  return distinct(used.filter(({ command }) => command.endsWith('Command')));
}

/** The commands that are in a packaged bundle, used or not, by esbuild's own account. */
export function callsContainedIn(functionName: string): readonly Call[] {
  const { outputs } = JSON.parse(readFileSync(`dist/meta/${functionName}.json`, 'utf8')) as esbuild.Metafile;
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return distinct(
    inputs.flatMap(([path, { bytesInOutput }]) => {
      const [, from, command] = (bytesInOutput > 0 && INPUT.exec(path)) || [];
      return from && command ? [{ from: `@aws-sdk/${from}`, command }] : [];
    }),
  );
}

function distinct(calls: readonly Call[]): readonly Call[] {
  return [...new Map(calls.map((call) => [`${call.from} ${call.command}`, call])).values()];
}
