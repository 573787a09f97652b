/**
 * The text of a module without some methods of its classes: esbuild keeps each method of a class that is in use. To call
 * one of them then fails, loudly. Throws when one is not there, so that nothing is left out by accident twice.
 *
 * @param {string} source with an indentation of four spaces, as TypeScript writes it
 * @param {readonly string[]} names
 */
export function withoutMethods(source, names) {
  return names.reduce((text, name) => change(text, name, () => ''), source);
}

/**
 * The same with methods that do nothing and return undefined.
 *
 * @param {string} source
 * @param {readonly string[]} names
 */
export function withEmptyMethods(source, names) {
  return names.reduce((text, name) => change(text, name, () => `    ${name}() { }\n`), source);
}

/**
 * @param {string} source
 * @param {string} name
 * @param {() => string} replacement
 */
function change(source, name, replacement) {
  const method = new RegExp(
    `^    (?:static )?(?:async )?\\*?${name.replace('$', '\\$')}\\([^\\n]*\\{\\n(?:(?!    \\}\\n)[^\\n]*\\n)*    \\}\\n`,
    'gm',
  );
  if ((source.match(method) ?? []).length !== 1)
    throw new Error(`expected one method ${name}: look at where build/without-methods.mjs is used`);
  return source.replace(method, replacement);
}
