/** What a path says where the route has names in braces, decoded; undefined when it is not of this route. */
export function matchRoute(
  key: string,
  method: string,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const [wanted, pattern = ''] = key.split(' ');
  const parts = pattern.split('/');
  const given = path.split('/').map(decoded);
  if (wanted !== method || parts.length !== given.length) return undefined;
  const pairs = parts.map((part, at) => [/^\{(\w+)\}$/.exec(part)?.[1], part, given[at]] as const);
  const isThis = pairs.every(([name, part, value]) => (name ? value : value === part));
  if (!isThis) return undefined;
  return Object.fromEntries(pairs.flatMap(([name, , value]) => (name && value ? [[name, value]] : [])));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
