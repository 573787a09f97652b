/** What the address says is to be seen. All of it is after the `#`: it stays in the browser, and Back works. */
export type Route =
  | { readonly view: 'home' }
  | { readonly view: 'ask'; readonly subject: string; readonly at?: string; readonly as?: string }
  | { readonly view: 'diff'; readonly older: string; readonly newer: string }
  | { readonly view: 'cve'; readonly id: string; readonly from?: string; readonly to?: string };

/** Reads the part of an address behind `#`; what is no view is the first one. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view = '', ...parts] = path.split('/').map(decoded);
  const parameters = new URLSearchParams(query);
  const more = (...names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (parameters.get(name) ? [[name, parameters.get(name)]] : [])));
  const [first = '', second = ''] = parts;
  if (view === 'ask' && first) return { view, subject: first, ...more('at', 'as') };
  if (view === 'diff' && first && second) return { view, older: first, newer: second };
  if (view === 'cve' && first) return { view, id: first, ...more('from', 'to') };
  return { view: 'home' };
}

/** The address of what is to be seen. */
export function linkTo(route: Route): string {
  const { view, ...rest } = route;
  if (view === 'home') return '#/';
  const path = Object.entries(rest).filter(([name]) => IN_PATH.includes(name));
  const query = Object.entries(rest).filter(([name]) => !IN_PATH.includes(name));
  const search = new URLSearchParams(query).toString();
  return `#/${[view, ...path.map(([, value]) => encodeURIComponent(value))].join('/')}${search && `?${search}`}`;
}

const IN_PATH = ['subject', 'older', 'newer', 'id'];

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The same question in a terminal. */
export function commandFor(route: Route): string {
  if (route.view === 'home') return 'scan-response repositories';
  const { view, ...rest } = route;
  const [words, options] = [[] as string[], [] as string[]];
  for (const [name, value] of Object.entries(rest))
    if (IN_PATH.includes(name)) words.push(quoted(value));
    else options.push(`--${name} ${quoted(value)}`);
  return ['scan-response', view === 'ask' ? 'who' : view, ...words, ...options].join(' ');
}

/** For a shell: what is more than a plain word stands in single quotes. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
