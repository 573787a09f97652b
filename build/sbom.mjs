import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * A package as package-lock.json has it.
 *
 * @typedef {object} Locked
 * @property {string} version
 * @property {string} [license]
 * @property {string} [integrity]
 * @property {Readonly<Record<string, string>>} [dependencies]
 * @property {Readonly<Record<string, string>>} [optionalDependencies]
 */

/** @typedef {Readonly<Record<string, Locked>>} Packages by the path in which they are installed; '' is ourselves */

/**
 * What we ship, as CycloneDX 1.5: the packages that package.json's dependencies need, with content hash and licence.
 * No time and no random number: the same lock file gives the same bytes. `npm sbom --omit=dev` would leave out every
 * package that a tool needs as well, which are half of ours (https://github.com/npm/cli/issues/7909).
 *
 * @param {Packages} packages
 * @param {{ readonly name: string, readonly version: string, readonly license: string }} project
 */
export function billOfMaterials(packages, project) {
  // The same version of a package may be installed in two places; it is one component.
  const shipped = [
    ...new Map([...reachable(packages)].sort().map((path) => [reference(packages, path), path])).values(),
  ];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: { type: 'application', ...component(project.name, project) },
    },
    components: shipped.map((path) => ({
      type: 'library',
      ...component(nameAt(path), entry(packages, path)),
    })),
    dependencies: [
      { ref: `${project.name}@${project.version}`, dependsOn: references(packages, '') },
      ...shipped.map((path) => ({ ref: reference(packages, path), dependsOn: references(packages, path) })),
    ],
  };
}

/**
 * Paths of everything that we need, directly or not.
 *
 * @param {Packages} packages
 * @returns {ReadonlySet<string>}
 */
function reachable(packages) {
  const reached = new Set();
  const waiting = needs(packages, '');
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...needs(packages, path));
  }
  return reached;
}

/**
 * Where the direct dependencies of a package are installed, found as Node finds them: beside it, or further up.
 *
 * @param {Packages} packages
 * @param {string} from
 * @returns {string[]}
 */
function needs(packages, from) {
  const { dependencies = {}, optionalDependencies = {} } = entry(packages, from);
  return Object.keys({ ...dependencies, ...optionalDependencies }).map((name) => {
    for (let folder = from; ; folder = folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
      const path = `${folder}${folder && '/'}node_modules/${name}`;
      if (Object.hasOwn(packages, path)) return path;
      if (folder === '')
        throw new Error(`${name}, which ${from || 'package.json'} needs, is not in the lock file`);
    }
  });
}

/**
 * @param {Packages} packages
 * @param {string} path
 */
function references(packages, path) {
  return needs(packages, path)
    .map((needed) => reference(packages, needed))
    .sort();
}

/**
 * @param {Packages} packages
 * @param {string} path
 */
function reference(packages, path) {
  return `${nameAt(path)}@${entry(packages, path).version}`;
}

/**
 * @param {Packages} packages
 * @param {string} path
 * @returns {Locked}
 */
function entry(packages, path) {
  const it = packages[path];
  if (!it) throw new Error(`the lock file has no ${path}`);
  return it;
}

/** @param {string} path */
function nameAt(path) {
  return path.replace(/^.*node_modules\//, '');
}

/**
 * @param {string} name
 * @param {Locked} locked
 */
function component(name, { version, license, integrity = '' }) {
  const [algorithm, content] = integrity.split('-');
  return {
    'bom-ref': `${name}@${version}`,
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(algorithm === 'sha512' &&
      content && { hashes: [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }] }),
    ...(license && {
      licenses: [/ (AND|OR) /.test(license) ? { expression: license } : { license: { id: license } }],
    }),
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  /** @param {string} file */
  const read = async (file) => JSON.parse(await readFile(new URL(`../${file}`, import.meta.url), 'utf8'));
  const [{ packages }, project] = await Promise.all([read('package-lock.json'), read('package.json')]);
  console.log(JSON.stringify(billOfMaterials(packages, project), null, 2));
}
