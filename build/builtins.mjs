import { builtinModules } from 'node:module';

const NAMES = new Set(builtinModules);

/**
 * An esbuild plugin for ES modules that takes Node's own modules by `process.getBuiltinModule`: an `import` of `node:http`
 * makes an object of all that it exports, and so loads `fetch` and WebSocket, 22 ms of a cold start
 * (https://github.com/nodejs/node/issues/59686). The bundle then needs no `require` either.
 * https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 *
 * @returns {import('esbuild').Plugin}
 */
export function builtins() {
  return {
    name: 'builtins',
    setup(build) {
      build.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z_]+)*$/ }, ({ path }) => {
        const name = path.replace(/^node:/, '');
        return NAMES.has(name) ? { path: name, namespace: 'builtin' } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      }));
    },
  };
}
