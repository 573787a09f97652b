/**
 * Where a forge shows a file or folder of this repository, as GitHub and GitLab both take it; undefined while package.json
 * names no repository.
 *
 * @param {string | { readonly url: string } | undefined} repository of package.json, where it is a URL
 * @param {string} path
 */
export function sourceAddress(repository, path) {
  const url = typeof repository === 'string' ? repository : repository?.url;
  const address = url?.replace(/^git\+/, '').replace(/\.git$/, '');
  return address?.startsWith('https://') ? `${address}/blob/HEAD/${path}` : undefined;
}
