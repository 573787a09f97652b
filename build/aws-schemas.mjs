const REGISTRATION = /^(\w+)\.registerError\((\w+)\$, \w+\);$/gm;
const STRING = /^const (\w+) = ("[^"\\]*");$/gm;
const COMPUTED_KEY = /\[(\w+)\]:/g;
const ERROR =
  /export class (\w+) extends __BaseException \{\n {4}static shapeId = "([\w.#]+)";\n {4}name = "\1";\n {4}\$fault = "(\w+)";\n {4}constructor\(opts\) \{\n {8}super\(\{\n {12}name: "\1",\n {12}\$fault: "\3",\n {12}\.\.\.opts,\n {8}\}\);\n {8}Object\.setPrototypeOf\(this, \1\.prototype\);\n {4}\}\n\}\n/g;

/**
 * The text of a client's `schemas/schemas_0.js` with keys that esbuild can read: `{ [_e]: _c }` might call something, so it
 * keeps each schema that has one, of every operation, and `{ "error": _c }` does not. Throws when a key is left.
 *
 * @param {string} source
 * @param {string} path for the message
 */
export function withPlainKeys(source, path) {
  const strings = new Map([...source.matchAll(STRING)].map(([, name = '', text = '']) => [name, text]));
  return source.replace(COMPUTED_KEY, (_, name) => {
    const text = strings.get(name);
    if (!text) throw new Error(`${path} has a key [${name}] that is no text: look at build/aws-schemas.mjs`);
    return `${text}:`;
  });
}

/**
 * The same text without the registration of the service's errors, so that nothing holds on to them. Keeps the one of the
 * base error, of which they are then made: with the name, message and status of the answer.
 *
 * @param {string} source
 * @param {string} path
 */
export function withoutErrors(source, path) {
  let kept = 0;
  const trimmed = source.replace(REGISTRATION, (line, _registry, name) => {
    if (!name.endsWith('ServiceException')) return '';
    kept += 1;
    return line;
  });
  if (kept !== 1) throw new Error(`${path} does not register one base error: look at build/aws-schemas.mjs`);
  return trimmed;
}

/**
 * The text of a client's `models/errors.js` in which one function makes the classes that differ in their name and fault
 * alone. Throws when there is none.
 *
 * @param {string} source
 * @param {string} path
 */
export function withOneClassOfErrors(source, path) {
  let made = 0;
  const trimmed = source.replace(ERROR, (_, name, shapeId, fault) => {
    made += 1;
    return `export const ${name} = /* @__PURE__ */ __named("${name}", "${shapeId}", "${fault}");\n`;
  });
  if (made === 0) throw new Error(`${path} has no class as we know it: look at build/aws-schemas.mjs`);
  return `${trimmed}
function __named(name, shapeId, fault) {
  return class extends __BaseException {
    static shapeId = shapeId;
    name = name;
    $fault = fault;
    constructor(opts) { super({ name, $fault: fault, ...opts }); }
  };
}`;
}
