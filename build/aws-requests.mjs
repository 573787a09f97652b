// What AWS's clients do anew with each request, although it is the same with all of them.

/**
 * A client puts the steps of a command together once for each kind of command, as `cacheMiddleware` has it, and not for each
 * request: a tenth of what a request costs. A call with options, even empty ones, still gets steps of its own.
 *
 * @param {string} source
 * @param {string} path
 */
export function withKeptStacks(source, path) {
  const kept = 'options === undefined && this.config.cacheMiddleware === true';
  const forgets = 'else {\n            delete this.handlers;';
  return replaced(replaced(source, path, kept, 'options === undefined'), path, forgets, 'else {');
}

/**
 * What reads and writes a body is told the configuration of the client, of fifty fields. These inherit it, where AWS's copy it
 * twice for each request.
 *
 * @param {string} source
 * @param {string} path
 */
export function withInheritedConfig(source, path) {
  const copied = /\{\s+\.\.\.config,\s+\.\.\.context,\s+(endpoint,\s+)?\}/;
  const [text = ''] = copied.exec(source) ?? [];
  const inherited = `Object.assign(Object.create(config), context${text.includes('endpoint') ? ', { endpoint }' : ''})`;
  return replaced(source, path, text, inherited);
}

/**
 * DynamoDB's documents cannot have that, because the steps of one command hold on to it. These take the one that is sent.
 *
 * @param {string} source
 * @param {string} path
 */
export function withAnyCommand(source, path) {
  return replaced(
    source,
    path,
    'return async () => handler(this.clientCommand);',
    'return async (sent) => handler(sent.clientCommand);',
  );
}

/**
 * @param {string} source
 * @param {string} path
 * @param {string} known
 * @param {string} ours
 */
function replaced(source, path, known, ours) {
  if (source.split(known).length !== 2)
    throw new Error(`${path} is not as we know it: look at build/aws-requests.mjs`);
  return source.replace(known, () => ours);
}
