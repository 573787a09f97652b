import { runInNewContext } from 'node:vm';

/**
 * What the Datadog client knows about its types, read from the text of one `models/ObjectSerializer.js`.
 *
 * @typedef {object} SerializerMaps
 * @property {readonly string[]} primitives types that are sent as they are
 * @property {Readonly<Record<string, readonly unknown[]>>} enums the values of each enumeration
 * @property {Readonly<Record<string, readonly string[]>>} oneOfs the types that each union allows
 * @property {ReadonlySet<string>} models each is a class in a file of its name beside the serializer
 */

const IMPORT = /^const (\w+_1) = require\("\.\/(\w+)"\);\n/gm;
const MODEL = /\s*(\w+):\s*(\w+_1)\.(\w+),/g;

/**
 * Takes the text of an ObjectSerializer.js and returns its maps.
 * Throws when the text is not built as we know it: a new version of the client needs a new look at this file.
 *
 * @param {string} source
 * @returns {SerializerMaps}
 */
export function readSerializer(source) {
  return {
    primitives: runInNewContext(literal(source, 'primitives')),
    enums: runInNewContext(`(${literal(source, 'enumsMap')})`),
    oneOfs: runInNewContext(`(${literal(source, 'oneOfMap')})`),
    models: readModels(source),
  };
}

/**
 * The same text with only the types of `keep` in its imports and maps. Throws when that removes nothing.
 *
 * @param {string} source
 * @param {ReadonlySet<string>} keep names of models, enumerations and unions
 */
export function trimSerializer(source, keep) {
  const { enums, oneOfs, models } = readSerializer(source);
  const kept = [...models].filter((type) => keep.has(type));
  if (kept.length === models.size) throw new Error('nothing was removed: every model is in use');
  return replaceLiteral(
    replaceLiteral(replaceLiteral(source, 'enumsMap', pick(enums, keep)), 'oneOfMap', pick(oneOfs, keep)),
    'typeMap',
    `{\n${kept.map((type) => `    ${type}: ${type}_1.${type},\n`).join('')}}`,
  ).replace(IMPORT, (line, _variable, type) => (keep.has(type) ? line : ''));
}

/**
 * @param {string} source
 * @returns {ReadonlySet<string>}
 */
function readModels(source) {
  const imported = new Map([...source.matchAll(IMPORT)].map(([, variable, file]) => [variable, file]));
  const body = literal(source, 'typeMap').slice(1, -1);
  if (body.replace(MODEL, '').trim() !== '') throw new Error('typeMap holds something else than models');
  const models = new Set();
  for (const [, type = '', variable, exported] of body.matchAll(MODEL)) {
    if (imported.get(variable) !== type || exported !== type)
      throw new Error(`typeMap.${type} does not come from ./${type}`);
    models.add(type);
  }
  if (models.size === 0) throw new Error('typeMap is empty');
  return models;
}

/**
 * @param {string} source
 * @param {string} name
 */
function literal(source, name) {
  const found = [...source.matchAll(declaration(name))];
  const [, text] = found[0] ?? [];
  if (found.length !== 1 || text === undefined)
    throw new Error(`expected one "const ${name} = …;" and found ${found.length}`);
  return text;
}

/**
 * @param {string} source
 * @param {string} name
 * @param {string} text
 */
function replaceLiteral(source, name, text) {
  return source.replace(declaration(name), () => `const ${name} = ${text};`);
}

/**
 * A top-level object or array: on one line, or up to the first closing bracket at the start of a line.
 *
 * @param {string} name
 */
function declaration(name) {
  return new RegExp(`^const ${name} = ([[{](?:.*|$[\\s\\S]*?^)[\\]}]);$`, 'gm');
}

/**
 * @param {Readonly<Record<string, unknown>>} map
 * @param {ReadonlySet<string>} keep
 */
function pick(map, keep) {
  return JSON.stringify(Object.fromEntries(Object.entries(map).filter(([type]) => keep.has(type))));
}
