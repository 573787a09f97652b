/** @import { SerializerMaps } from './datadog-serializer.mjs' */

const CALL = /\.(?:de)?serialize\(/g;
const CALL_WITH_TYPE = /\.(?:de)?serialize\([^"]*"([^"]+)"/g;

/**
 * The type strings that one operation of the client sends and receives, read from the text of its API file.
 * Throws when the operation is not there or calls the serializer in a way that we do not know.
 *
 * @param {string} source text of `apis/<api>.js`
 * @param {string} api
 * @param {string} operation
 * @returns {readonly string[]}
 */
export function typesOfOperation(source, api, operation) {
  const types = [`${api}RequestFactory`, `${api}ResponseProcessor`].flatMap((name) => {
    const text = methodText(source, name, operation);
    const found = [...text.matchAll(CALL_WITH_TYPE)].map(([, type]) => type);
    if (found.length !== [...text.matchAll(CALL)].length)
      throw new Error(`cannot tell the types that ${name}.${operation} uses`);
    return found.filter((type) => type !== undefined);
  });
  if (types.length === 0) throw new Error(`${api}.${operation} uses no types at all`);
  return [...new Set(types)];
}

/**
 * Every named type that the given type strings can reach through attributes, unions, lists and maps.
 * Throws when one of them is in none of the client's maps.
 *
 * @param {readonly string[]} roots
 * @param {SerializerMaps} maps
 * @param {(model: string) => Readonly<Record<string, { readonly type: string }>>} attributesOf the model's own
 *   attribute map
 * @returns {ReadonlySet<string>}
 */
export function reachableTypes(roots, maps, attributesOf) {
  const reached = new Set();
  const waiting = roots.map((type) => ({ type, from: 'an operation' }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const name of namesIn(next.type, maps.primitives).filter((it) => !reached.has(it))) {
      reached.add(name);
      const types = typesBehind(name, next.from, maps, attributesOf);
      waiting.push(...types.map((type) => ({ type, from: name })));
    }
  }
  return reached;
}

/**
 * @param {string} name
 * @param {string} from
 * @param {SerializerMaps} maps
 * @param {(model: string) => Readonly<Record<string, { readonly type: string }>>} attributesOf
 * @returns {readonly string[]}
 */
function typesBehind(name, from, maps, attributesOf) {
  if (Object.hasOwn(maps.enums, name)) return [];
  if (Object.hasOwn(maps.oneOfs, name)) return maps.oneOfs[name] ?? [];
  if (!maps.models.has(name)) throw new Error(`unknown type "${name}", needed by ${from}`);
  return Object.values(attributesOf(name)).map(({ type }) => type);
}

/**
 * The names in a type string, by the same rules as the client's serializer reads it.
 *
 * @param {string} type for instance `Array<MetricSeries>` or `{ [key: string]: X; }`
 * @param {readonly string[]} primitives
 * @returns {readonly string[]}
 */
function namesIn(type, primitives) {
  const inner = /^Array<(.+)>$/.exec(type)?.[1] ?? /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (inner !== undefined) return namesIn(inner, primitives);
  const tuple = /^\[(.+)\]$/.exec(type)?.[1];
  if (tuple !== undefined) return tuple.split(', ').flatMap((part) => namesIn(part, primitives));
  return type === 'any' || type === 'Date' || primitives.includes(type.toLowerCase()) ? [] : [type];
}

/**
 * @param {string} source
 * @param {string} className
 * @param {string} method
 */
function methodText(source, className, method) {
  const [body = ''] = new RegExp(`^class ${className}\\b[\\s\\S]*?^\\}`, 'm').exec(source) ?? [];
  const [text] = new RegExp(`^ {4}${method}\\([\\s\\S]*?^ {4}\\}$`, 'm').exec(body) ?? [];
  if (text === undefined) throw new Error(`operation not found: ${className}.${method}`);
  return text;
}
