/** The same event, as if it were about another account and region: in its envelope and in its ARNs. */
export function toldFrom<E extends object>(event: E, account: string, region: string): E {
  const from = event as { readonly account?: unknown; readonly region?: unknown };
  const text = JSON.stringify(event);
  const moved: E = JSON.parse(text.replaceAll(`:${from.region}:${from.account}:`, `:${region}:${account}:`));
  return { ...moved, account, region };
}
