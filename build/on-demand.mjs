import { basename } from 'node:path';

/**
 * An `import()` of a file of ours stays one: the file is a bundle of its own, in the same folder, with an entry in
 * the build. Splitting would do that too, and cut the clients' own lazy parts into thirty files.
 *
 * @returns {import('esbuild').Plugin}
 */
export function onDemand() {
  return {
    name: 'on-demand',
    setup({ onResolve }) {
      onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path }) =>
        kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.mjs`, external: true } : undefined,
      );
    },
  };
}
